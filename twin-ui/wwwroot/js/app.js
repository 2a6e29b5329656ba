// Small services of the page frame: remembered choices, keys, downloads. Called from Components/*.razor.

const remember = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;samesite=lax`; };

export function setLanguage(language) {
  remember('twin-language', language);
  document.documentElement.lang = language;
}

export function setDark(dark) {
  remember('twin-dark', dark ? '1' : '0');
  document.documentElement.classList.toggle('dark', dark);
  window.dispatchEvent(new Event('twin-theme'));
}

/** Shows another plant: the page starts anew, at the same place. */
export function setPlant(plant) {
  remember('twin-plant', plant);
  location.assign(location.pathname);
}

const typing = e => e.target.closest?.('input, textarea, select, [contenteditable]');

/** Makes the navigation slim or wide again, and remembers it. */
export function slimNav() {
  const slim = document.documentElement.classList.toggle('nav-slim');
  remember('twin-nav', slim ? 'slim' : 'wide');
}

/** Keys that work on every page: ? help, / find, Ctrl+K commands, Ctrl+Z/Y, and 1 … 9 for the pages. */
export function keys(frame) {
  const tell = key => frame.invokeMethodAsync('Key', key);
  const onKey = e => {
    const key = e.key.toLowerCase();
    if ((e.ctrlKey || e.metaKey) && !e.altKey) {
      if (key === 'k' || (e.shiftKey && key === 'p')) { e.preventDefault(); tell('palette'); }
      else if (!typing(e) && key === 'z') { e.preventDefault(); tell(e.shiftKey ? 'redo' : 'undo'); }
      else if (!typing(e) && key === 'y') { e.preventDefault(); tell('redo'); }
      return;
    }
    if (e.altKey) return;
    if (typing(e)) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (e.key === '?') { e.preventDefault(); tell('?'); }
    else if (e.key === '/') { if (find()) e.preventDefault(); }
    else if (/^[1-9]$/.test(e.key)) tell(e.key);
    else if (press(e)) e.preventDefault();
    else {
      // Map and chart keys also work while nothing else has the focus.
      const canvas = document.querySelector('canvas[data-keys]');
      if (canvas && document.activeElement === document.body && ('wasdfl'.includes(key) || ['Enter', '.', ','].includes(e.key))) {
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key: e.key, bubbles: false }));
      }
    }
  };
  document.addEventListener('keydown', onKey);
  return { dispose: () => document.removeEventListener('keydown', onKey) };
}

/** Presses the button of the page that has this key (data-key), unless another button has the focus and wants it itself. */
function press(e) {
  const key = e.key === ' ' ? 'Space' : e.shiftKey ? `Shift+${e.key}` : e.key;
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button || (e.key === ' ' && e.target.closest?.('button, summary'))) return false;
  button.click();
  return true;
}

/** Puts the cursor into the page's find box; false when it has none. */
export function find() {
  const box = document.querySelector('[data-find]');
  box?.focus();
  box?.select?.();
  return Boolean(box);
}

/** Saves a stream from the server as a file. */
export async function downloadStream(name, type, stream) {
  download(name, type, new Blob([await stream.arrayBuffer()], { type }));
}

/** Saves a blob as a file. */
export function download(name, type, blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
