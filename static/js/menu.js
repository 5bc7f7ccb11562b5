// Closes an open menu on Escape or a press elsewhere. Without it the menu closes by its own summary.
const menus = document.querySelectorAll("details[data-menu]");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
// Whoever signs out leaves nothing behind in this browser (static/js/field.js).
for (const form of document.querySelectorAll("form[action$='/logout/']")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("field:")) localStorage.removeItem(key);
  });
}
