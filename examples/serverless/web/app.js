import { Api } from './api.js';
import { check, extensionOf } from './photo.js';
import { explain, Refused } from './refused.js';
import { View } from './view.js';

/** The page does one thing at a time: `state` says which, and `view` shows it. */
const view = new View(document);
const config = await (await fetch('config.json', { cache: 'no-store' })).json();
const api = new Api(config);
let user = restore();
let photo;
let running;

view.limits(config);
view.onSignIn(signIn);
view.onSignOut(signOut);
view.onPhoto(choose);
view.onUpload(() => upload(photo));
view.onCancel(() => running?.abort());
user ? await enter() : view.signedOut();

async function signIn() {
  try {
    user = await api.signIn();
    sessionStorage.setItem('user', JSON.stringify(user));
    await enter();
  } catch (error) {
    view.signedOut(explain(error));
  }
}

function signOut() {
  running?.abort();
  sessionStorage.removeItem('user');
  user = undefined;
  view.signedOut();
}

async function enter() {
  view.signedIn(user);
  const status = await api.status(user).catch(() => undefined);
  const files = status?.files && (await api.pictures(status).catch(() => undefined));
  files ? view.current(files) : view.empty();
}

function choose(file) {
  if (running || !file) return;
  try {
    check(file, config);
  } catch (error) {
    photo = undefined;
    return view.failed(explain(error), { again: false });
  }
  photo = file;
  view.preview(file);
}

async function upload(file) {
  if (running || !file) return;
  running = new AbortController();
  const { signal } = running;
  const started = performance.now();
  try {
    view.uploading(0);
    const url = await api.uploadUrl(user, extensionOf(file), signal);
    const etag = await api.put(url, file, extensionOf(file), { signal, progress: (part) => view.uploading(part) });
    const uploaded = performance.now();
    view.processing();
    const status = await api.processed(user, etag, signal);
    if (status.state === 'rejected') throw new Refused(status.code, status.message);
    const files = await api.pictures(status, signal);
    view.done(files, { upload: uploaded - started, process: performance.now() - uploaded });
  } catch (error) {
    if (signal.aborted) view.preview(file);
    else if (error.code === 'SIGNED_OUT') signOutBecause(error);
    else view.failed(explain(error), { again: explain(error).again });
  } finally {
    running = undefined;
  }
}

function signOutBecause(error) {
  signOut();
  view.signedOut(explain(error));
}

function restore() {
  try {
    const saved = JSON.parse(sessionStorage.getItem('user'));
    return saved?.expires > Date.now() ? saved : undefined;
  } catch {
    return undefined;
  }
}
