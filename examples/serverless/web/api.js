import { TYPES } from './photo.js';
import { Refused } from './refused.js';

const PATIENCE = 45_000;

/** The page's requests to the servers: sign-in, HTTP API, storage, CDN. */
export class Api {
  constructor({ api, cdn, signIn, folder }) {
    Object.assign(this, { api, cdn, signInUrl: signIn, folder });
  }

  /** The demo user's token, as `{ sub, name, token, expires }`. */
  async signIn() {
    const response = await reach(this.signInUrl, { method: 'POST' });
    if (!response.ok) throw new Refused('SIGN_IN', `status ${response.status}`);
    return response.json();
  }

  /** A URL that accepts a photo of this type for five minutes. */
  async uploadUrl({ token, expires }, extension, signal) {
    // The API's own refusals have no CORS headers, so a script would only see a broken connection.
    if (expires < Date.now()) throw new Refused('SIGNED_OUT', 'the token has expired');
    const response = await reach(`${this.api}/avatars/key_upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ extension }),
      signal,
    });
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body.url;
    if (response.status === 401 || response.status === 403)
      throw new Refused('SIGNED_OUT', `status ${response.status}`);
    throw new Refused(body.error?.code ?? 'API', body.error?.message ?? `status ${response.status}`);
  }

  /** Sends the photo and returns its ETag. With XMLHttpRequest, because fetch doesn't report upload progress. */
  put(url, file, extension, { signal, progress }) {
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      signal.addEventListener('abort', () => request.abort(), { once: true });
      request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
      request.onload = () =>
        request.status === 200
          ? done(request.getResponseHeader('ETag')?.replaceAll('"', ''))
          : fail(storageRefusal(request));
      request.onerror = () => fail(new Refused('NETWORK', 'the upload was cut off'));
      request.onabort = () => fail(new Refused('CANCELLED', 'cancelled'));
      request.open('PUT', url);
      request.setRequestHeader('Content-Type', TYPES[extension]);
      request.send(file);
    });
  }

  /** The status of the last photo; undefined if there was none. */
  async status({ sub }, signal) {
    const response = await reach(`${this.cdn}/${this.folder}/${sub}.json`, { cache: 'no-store', signal });
    return response.ok ? response.json() : undefined;
  }

  /** Waits for the status of this very upload. */
  async processed(user, etag, signal) {
    const end = Date.now() + PATIENCE;
    for (let wait = 80; Date.now() < end; wait = Math.min(wait * 1.5, 1500)) {
      await pause(wait, signal);
      const status = await this.status(user, signal);
      if (status && status.source.etag === etag) return status;
    }
    throw new Refused('NO_ANSWER', `nothing after ${PATIENCE / 1000} seconds`);
  }

  /** Loads the images that a status names, asking again while the CDN still has the previous ones. */
  async pictures({ files }, signal) {
    return Promise.all(files.map((file) => this.picture(file, signal)));
  }

  async picture({ key, sha256, ...file }, signal) {
    const address = `${this.cdn}/${key.split('/').map(encodeURIComponent).join('/')}`;
    const end = Date.now() + PATIENCE;
    for (let wait = 100; ; wait = Math.min(wait * 2, 2000)) {
      const response = await reach(address, { cache: 'no-cache', signal });
      if (response.ok) {
        const bytes = await response.blob();
        if (!sha256 || (await hash(bytes)).startsWith(sha256) || Date.now() > end) {
          const { width, height } = await createImageBitmap(bytes);
          return { ...file, width, height, bytes: bytes.size, address, url: URL.createObjectURL(bytes) };
        }
      } else if (Date.now() > end) {
        throw new Refused('NO_ANSWER', `${address}: status ${response.status}`);
      }
      await pause(wait, signal);
    }
  }
}

async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    throw new Refused('NETWORK', `no answer from ${new URL(url, location.href).host}`);
  }
}

/** The storage's errors are in XML. */
function storageRefusal({ status, responseText }) {
  const xml = new DOMParser().parseFromString(responseText, 'text/xml');
  const text = (tag) => xml.querySelector(tag)?.textContent ?? '';
  if (status === 403 && /expired/i.test(text('Message') + text('Code'))) return new Refused('EXPIRED', text('Message'));
  return new Refused('STORAGE', [status, text('Code'), text('Message')].filter(Boolean).join(' '));
}

async function hash(blob) {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function pause(milliseconds, signal) {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        fail(signal.reason);
      },
      { once: true },
    );
  });
}
