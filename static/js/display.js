// Switches text size and contrast in place, so that nothing typed on the page is lost. Without it the form posts.
for (const form of document.querySelectorAll("form[data-display]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    const answers = new FormData(form);
    answers.set(button.name, button.value);
    document.documentElement.dataset[button.name] = button.value;
    const other = form.querySelector(`[name="${button.name}"][data-on="${button.value}"]`);
    if (other) other.focus();
    // Whoever leaves the page at once has still chosen.
    fetch(form.action, { method: "POST", body: answers, redirect: "manual", keepalive: true });
  });
}
