// When the server has forgotten this page (a restart), the only cure is to load it again: do so as soon as it answers.

const modal = document.getElementById('components-reconnect-modal');

async function reloadWhenBack() {
  for (;;) {
    try {
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (answer.ok) return location.reload();
    } catch {
      // Not back yet.
    }
    await new Promise(go => setTimeout(go, 1500));
  }
}

let reloading = false;
new MutationObserver(() => {
  if (reloading) return;
  if (modal.classList.contains('components-reconnect-failed') || modal.classList.contains('components-reconnect-rejected')) {
    reloading = true;
    reloadWhenBack();
  }
}).observe(modal, { attributes: true, attributeFilter: ['class'] });
