// Keys for people who work through a list: / search, j and k move, Enter opens. Everything works without them.
(() => {
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
  const links = rows.map((row) => row.querySelector("a.number"));
  const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = links.indexOf(document.activeElement);
    if (event.key === "/") {
      document.querySelector("[data-search]")?.focus();
      event.preventDefault();
    } else if (event.key === "j" && links.length) {
      links[Math.min(here + 1, links.length - 1)].focus();
    } else if (event.key === "k" && links.length) {
      links[Math.max(here - 1, 0)].focus();
    }
  });
})();
