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

/** Keys that work on every page: ? help, / find, g + letter would be too clever, so 1…4 choose the page. */
export function keys(frame) {
  const onKey = e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (typing(e)) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (e.key === '?') { e.preventDefault(); frame.invokeMethodAsync('Key', '?'); }
    else if (e.key === '/') {
      const find = document.querySelector('[data-find]');
      if (find) { e.preventDefault(); find.focus(); find.select?.(); }
    } else if (['1', '2', '3', '4'].includes(e.key)) frame.invokeMethodAsync('Key', e.key);
    else {
      // Map and chart keys also work while nothing else has the focus.
      const canvas = document.querySelector('canvas[data-keys]');
      if (canvas && document.activeElement === document.body && 'wasdf'.includes(e.key.toLowerCase())) {
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key: e.key, bubbles: false }));
      }
    }
  };
  document.addEventListener('keydown', onKey);
  return { dispose: () => document.removeEventListener('keydown', onKey) };
}

/** Saves a stream from the server as a file. */
export async function download(name, type, stream) {
  const buffer = await stream.arrayBuffer();
  const url = URL.createObjectURL(new Blob([buffer], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
