// The tablet at a window: a sign of life, a screen that is cleared after each person, and a way out without a network.
// Screens are fetched and put in place of one another, so that "back" finds nothing. Every screen works without this.
// Written for the WebViews of 2019: no ?. and no ??.
(() => {
  const SOON = 5000;
  const PATIENCE = 10000;
  const offline = document.getElementById("offline");
  const screen = () => document.getElementById("screen");
  const warning = () => document.getElementById("warning");
  const home = () => screen().dataset.home;
  const kind = () => screen().dataset.kind;
  const seconds = (name) => Number(screen().dataset[name]) * 1000;
  let timer = 0;
  let beat = 0;
  let turns = 0;
  let pressed = null;
  let before = null;
  let battery = null;

  const away = (gone) => {
    if (!offline) return;
    offline.hidden = !gone;
    screen().hidden = gone;
  };

  const ask = async (address, options) => {
    const patience = new AbortController();
    const end = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(address, Object.assign({ cache: "no-store", signal: patience.signal }, options));
      if (answer.status >= 500) throw new Error(String(answer.status));
      return answer;
    } finally {
      clearTimeout(end);
    }
  };

  // Puts another screen in place of this one, with the language and the look it was drawn in.
  const show = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = page.getElementById("screen");
    if (!next) return location.replace(home());
    const root = document.documentElement;
    for (const name of ["lang", "data-text", "data-contrast"]) root.setAttribute(name, page.documentElement.getAttribute(name));
    document.title = page.title;
    screen().replaceWith(next);
    dress();
    (next.querySelector("[autofocus]") || next.querySelector("main")).focus();
    scrollTo(0, 0);
    rest();
  };

  const turn = async (address, options) => {
    const mine = ++turns;
    try {
      const text = await (await ask(address, options)).text();
      if (mine !== turns) return;
      away(false);
      show(text);
    } catch (trouble) {
      if (mine !== turns) return;
      away(true);
      listen(SOON);
    }
  };

  // Browsers that do not know :has() hide the reasons of other levels by this.
  const dress = () => {
    for (const button of screen().querySelectorAll("[data-wait]")) button.hidden = false;
    if (CSS.supports("selector(:has(*))")) return;
    const chosen = screen().querySelector("[name=level]:checked");
    for (const group of screen().querySelectorAll(".reasons")) group.hidden = !chosen || group.dataset.level !== chosen.value;
  };

  const clear = () => {
    screen().querySelector("main").textContent = "";
    warning().hidden = true;
    turn(home());
  };

  const warn = () => {
    before = document.activeElement;
    warning().hidden = false;
    warning().querySelector("button").focus();
    timer = setTimeout(clear, seconds("warning"));
  };

  // Somebody is there, or the screen has just changed: the time runs anew.
  const rest = () => {
    clearTimeout(timer);
    warning().hidden = true;
    if (kind() === "busy") timer = setTimeout(warn, seconds("idle"));
    if (kind() === "done") timer = setTimeout(clear, seconds("receipt"));
    if (kind() === "stuck") timer = setTimeout(clear, seconds("idle"));
  };

  // From inside the warning the focus goes back to where it was. Its button answers when it is pressed, not before:
  // else the same touch or key would still do something where the focus has gone.
  const stir = (event) => {
    const inside = warning().contains(event.target);
    const press = event.type === "pointerdown" || event.type === "touchstart" || event.key === "Enter" || event.key === " ";
    if (inside && press) return;
    rest();
    if (inside && before && document.contains(before)) before.focus();
  };

  const listen = (wait) => {
    clearTimeout(beat);
    beat = setTimeout(pulse, wait);
  };

  const pulse = async () => {
    const form = document.getElementById("pulse");
    if (!form) return;
    const body = new FormData(form);
    if (battery) body.append("battery", Math.round(battery.level * 100));
    if (battery && battery.charging) body.append("charging", "1");
    try {
      const answer = await ask(form.action, { method: "POST", body, redirect: "manual" });
      const empty = !screen().querySelector("main").firstElementChild;
      if (answer.ok) {
        const mark = (await answer.json()).mark;
        away(false);
        if (empty || (kind() === "idle" && mark !== screen().dataset.mark)) turn(home());
      } else if (empty || kind() === "idle") {
        turn(home());
      }
    } catch (trouble) {
      away(true);
    }
    listen(offline && !offline.hidden ? SOON : seconds("pulse"));
  };

  document.addEventListener("click", (event) => {
    stir(event);
    pressed = event.target.closest("button[name]");
    const link = event.target.closest("#screen a[href]");
    if (!link || !link.pathname.startsWith(home()) || link.hash) return;
    event.preventDefault();
    turn(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#screen") || kind() === "enrol") return;
    event.preventDefault();
    const body = new FormData(form);
    if (pressed) body.append(pressed.name, pressed.value);
    pressed = null;
    turn(form.action, { method: "POST", body });
  });
  document.addEventListener("change", dress);
  for (const sign of ["pointerdown", "touchstart", "keydown", "input", "wheel"]) document.addEventListener(sign, stir, { passive: true });
  addEventListener("online", pulse);
  addEventListener("offline", () => away(true));
  // A page that the browser kept for "back" belonged to somebody else.
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace(home()); });
  if (navigator.getBattery) navigator.getBattery().then((told) => { battery = told; }, () => {});
  dress();
  rest();
  listen(seconds("pulse"));
})();
