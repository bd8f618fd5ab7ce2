import { size } from './photo.js';

const SHOWN = [192, 128, 96, 48];

/** Everything that touches the document. Each method shows one state of the page. */
export class View {
  #preview;
  #files = [];

  constructor(document) {
    this.document = document;
    this.body = document.body;
    this.$ = (id) => document.getElementById(id);
    this.#drops();
    this.$('choose').addEventListener('click', () => this.$('file').click());
  }

  onSignIn(act) {
    this.$('sign-in').addEventListener('click', act);
  }
  onSignOut(act) {
    this.$('sign-out').addEventListener('click', act);
  }
  onCancel(act) {
    this.$('cancel').addEventListener('click', act);
  }
  onUpload(act) {
    for (const id of ['upload', 'retry']) this.$(id).addEventListener('click', act);
  }
  onPhoto(act) {
    this.photo = act;
  }

  limits({ maxBytes, cdn }) {
    this.$('max-size').textContent = size(maxBytes);
    this.$('where').textContent = `Served from ${new URL(cdn).host}.`;
  }

  signedOut(reason) {
    this.#state('signed-out');
    this.#forget();
    this.$('picture').replaceChildren();
    for (const id of ['account', 'studio', 'results']) this.$(id).hidden = true;
    this.$('sign-in-card').hidden = false;
    this.$('sign-in-title').textContent = reason?.title ?? 'Sign in to change your avatar';
    this.$('sign-in-text').textContent =
      reason?.text ?? 'This is a demonstration: one click and you are the demo user.';
    if (reason) this.#say(`${reason.title}. ${reason.text}`);
  }

  signedIn({ name }) {
    this.$('user-name').textContent = name;
    for (const each of this.document.querySelectorAll('.name-here')) each.textContent = name;
    for (const id of ['account', 'studio']) this.$(id).hidden = false;
    this.$('sign-in-card').hidden = true;
  }

  empty() {
    this.#state('empty');
    this.#step('Choose a photo', 'The middle is cropped to a square.', ['choose']);
    this.#choice('Choose a photo', true);
  }

  current(files) {
    this.#state('current');
    this.#show(files);
    this.#picture(this.#largest().url, 'Your avatar');
    this.#step('This is you now', 'Choose another photo to change it.', ['choose']);
    this.#choice('Change photo', true);
  }

  preview(file) {
    this.#state('preview');
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.#preview = URL.createObjectURL(file);
    this.#picture(this.#preview, 'Preview of the photo you chose');
    this.#step('Looks good?', `${file.name}, ${size(file.size)}`, ['upload', 'choose']);
  }

  uploading(part) {
    if (this.body.dataset.state !== 'uploading') {
      this.#state('uploading');
      this.#step('Uploading', '', ['cancel']);
    }
    const percent = Math.round(part * 100);
    this.$('detail').textContent = `${percent} % sent`;
    this.$('progress').hidden = false;
    this.$('progress').setAttribute('aria-valuenow', percent);
    this.$('progress-bar').style.width = `${percent}%`;
    this.$('ring').style.strokeDashoffset = 100 - percent;
  }

  processing() {
    this.#state('processing');
    this.#step('Making your avatar', 'Rotating, cropping, resizing.', ['cancel']);
  }

  done(files, { upload, process }) {
    this.#state('done');
    this.#show(files);
    this.#picture(this.#largest().url, 'Your new avatar');
    this.#step('This is you, everywhere', 'Your new avatar is live.', ['choose']);
    this.$('timing').textContent = `Sent in ${seconds(upload)}, ready ${seconds(process)} later`;
  }

  failed({ title, text, code }, { again }) {
    this.#state(this.#files.length > 0 ? 'failed' : 'empty');
    this.#step(
      'That didn’t work',
      again ? 'You can try the same photo again.' : 'Choose another photo.',
      again ? ['retry', 'choose'] : ['choose'],
    );
    if (this.#files.length > 0 && !again) this.#picture(this.#largest().url, 'Your avatar');
    else if (!again) this.$('picture').replaceChildren();
    this.$('alert-title').textContent = title;
    this.$('alert-text').textContent = text;
    this.$('alert-code').textContent = code;
    this.$('alert').hidden = false;
  }

  #state(name) {
    this.body.dataset.state = name;
    this.$('alert').hidden = true;
    this.$('progress').hidden = true;
    this.$('ring').style.strokeDashoffset = '';
    this.$('file').disabled = ['uploading', 'processing'].includes(name);
  }

  #step(title, detail, actions) {
    this.$('step').textContent = title;
    this.$('detail').textContent = detail;
    for (const id of ['upload', 'retry', 'choose', 'cancel']) this.$(id).hidden = !actions.includes(id);
    this.#choice('Choose another', false);
    this.#say(`${title}. ${detail}`);
  }

  /** The button that opens the file dialogue: its text, and whether it is the next step. */
  #choice(text, next) {
    this.$('choose').textContent = text;
    this.$('choose').className = next ? 'primary' : 'quiet';
  }

  #say(text) {
    this.$('status').textContent = text;
  }

  #picture(url, alt) {
    this.$('picture').replaceChildren(this.#image(url, alt));
  }

  #show(files) {
    this.#forget();
    this.#files = [...files].sort((a, b) => b.width - a.width);
    this.$('sizes').replaceChildren(...this.#files.map((file, i) => this.#tile(file, SHOWN[i] ?? file.width)));
    for (const face of this.document.querySelectorAll('[data-avatar]')) {
      const fit = this.#files.findLast(({ width }) => width >= face.dataset.avatar) ?? this.#largest();
      face.replaceChildren(this.#image(fit.url, ''));
    }
    this.$('timing').textContent = '';
    this.$('results').hidden = false;
  }

  #tile({ url, address, width, height, bytes }, shown) {
    const item = this.document.createElement('li');
    const image = this.#image(url, `Your avatar at ${width} pixels`);
    image.width = image.height = Math.min(shown, width);
    const link = this.document.createElement('a');
    link.href = address;
    const label = this.document.createElement('b');
    label.textContent = `${width} × ${height}`;
    const weight = this.document.createElement('span');
    weight.textContent = size(bytes);
    link.append(label, weight);
    item.append(image, link);
    return item;
  }

  #image(url, alt) {
    const image = this.document.createElement('img');
    image.src = url;
    image.alt = alt;
    return image;
  }

  #largest() {
    return this.#files[0];
  }

  #forget() {
    for (const { url } of this.#files) URL.revokeObjectURL(url);
    this.#files = [];
    for (const face of this.document.querySelectorAll('[data-avatar]')) face.replaceChildren();
  }

  #drops() {
    const drop = this.$('drop');
    this.$('file').addEventListener('change', ({ target }) => {
      this.photo?.(target.files[0]);
      target.value = ''; // so that the same file can be chosen again
    });
    // The whole page accepts a dropped photo, because the browser would open one dropped elsewhere.
    this.document.addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
    this.document.addEventListener('dragleave', ({ relatedTarget }) => {
      if (!relatedTarget) drop.classList.remove('over');
    });
    this.document.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      if (!this.$('studio').hidden) this.photo?.(event.dataTransfer.files[0]);
    });
  }
}

function seconds(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
