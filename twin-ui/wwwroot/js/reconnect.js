// When the server has forgotten this page (a restart), the only cure is to load it again: do so as soon as it answers.

const modal = document.getElementById('components-reconnect-modal');

async function reloadWhenBack() {
  for (;;) {
    try {
      const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
      if (answer.ok) return location.reload();
    } catch {
      // Not back yet.
    }
    await new Promise(go => setTimeout(go, 1500));
  }
}

new MutationObserver(() => {
  if (modal.classList.contains('components-reconnect-failed') || modal.classList.contains('components-reconnect-rejected')) reloadWhenBack();
}).observe(modal, { attributes: true, attributeFilter: ['class'] });
