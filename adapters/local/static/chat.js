// Keeps an open tab live: hears what has changed, opens and closes dialogs, and names each act once.
"use strict";
(() => {
  const body = document.body;
  const words = JSON.parse(body.dataset.words);
  const $ = (selector) => document.querySelector(selector);

  // ---- Live updates. A hidden tab lets its connection go, since a browser keeps only six to one server.
  const LOOK_WHILE_HIDDEN = 5000;
  let source = null;
  let looking = null;

  function refresh(place) {
    if (place === body.dataset.place || place === "everywhere") {
      for (const id of ["log", "thread-log"]) {
        const log = document.getElementById(id);
        if (log) htmx.trigger(log, "changed");
      }
    }
    htmx.trigger("#sidebar", "changed");
  }

  function listen() {
    clearInterval(looking);
    if (source) return;
    source = new EventSource(`${body.dataset.base}/live`);
    source.addEventListener("changed", (event) => refresh(event.data));
    // The browser tries again by itself, except after an answer that is no stream.
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(() => document.hidden || listen(), 2000);
      }
    });
  }

  function rest() {
    if (source) source.close();
    source = null;
    looking = setInterval(() => htmx.trigger("#sidebar", "changed"), LOOK_WHILE_HIDDEN);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", () => source && source.close());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    source = null;
    listen();
  });
  listen();

  function showUnread() {
    const bell = $("#bell");
    const count = bell ? Number(bell.dataset.unread) : 0;
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (count) document.title = `(${count}) ${document.title}`;
  }
  showUnread();
  body.addEventListener("htmx:afterSettle", showUnread);
  body.addEventListener("htmx:oobAfterSwap", showUnread);

  // ---- Each act has a name of its own, kept until it has been answered: trying again acts once.
  const nameOfAct = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

  body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "post") return;
    const element = event.detail.elt;
    element.dataset.once = element.dataset.once || nameOfAct();
    event.detail.parameters.once = element.dataset.once;
  });
  body.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    if (!element.matches("[data-act]")) return;
    if (element.getAttribute("aria-busy") === "true") event.preventDefault();
    else element.setAttribute("aria-busy", "true");
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    const element = event.detail.elt;
    element.removeAttribute("aria-busy");
    if (event.detail.xhr.status > 0) delete element.dataset.once;
  });
  body.addEventListener("samlas:acted", (event) => refresh(event.detail.place));

  // ---- What went wrong is said, and nothing typed is lost.
  const toast = $("#toast");
  let toastTimer = null;
  function say(sentence) {
    toast.textContent = sentence;
    toast.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => (toast.hidden = true), 7000);
  }
  body.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText.slice(0, 300)));
  body.addEventListener("htmx:sendError", (event) => {
    // Looking again happens by itself; only what somebody did is worth a word.
    if (event.detail.requestConfig.verb === "post") say(words.offline);
  });

  // ---- Dialogs
  const dialog = $("#dialog");
  const dialogBody = $("#dialog-body");

  dialogBody.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== dialogBody) return;
    if (!dialogBody.firstElementChild) {
      dialog.close();
      return;
    }
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    dialogBody.querySelector(".dialog-parts").scrollTop = 0;
    const first = dialogBody.querySelector("input:not([type=hidden]), textarea, select");
    const title = $("#dialog-title");
    (first && isFirst(first) ? first : title).focus();
  });
  // A form that begins with something to read begins at its title.
  const isFirst = (control) => control.closest(".field") === dialogBody.querySelector(".dialog-parts > :not(.problems)");

  dialog.addEventListener("close", () => {
    dialogBody.replaceChildren();
    if ($(".home")) location.reload();
  });

  // Sentences about single fields move beside their fields.
  dialogBody.addEventListener("htmx:afterSettle", () => {
    const problems = dialogBody.querySelector(".problems");
    if (!problems || !problems.firstElementChild) return;
    let focused = false;
    for (const problem of [...problems.children]) {
      const field = dialogBody.querySelector(`.field[data-field="${CSS.escape(problem.dataset.problem)}"]`);
      const control = field && field.querySelector("input, textarea, select");
      if (!control) continue;
      const sentence = document.createElement("p");
      sentence.className = "problem";
      sentence.id = `problem-${problem.dataset.problem}`;
      sentence.textContent = problem.textContent;
      field.append(sentence);
      control.setAttribute("aria-invalid", "true");
      control.dataset.described = control.getAttribute("aria-describedby") || "";
      control.setAttribute("aria-describedby", `${control.dataset.described} ${sentence.id}`.trim());
      problem.remove();
      if (!focused) control.focus();
      focused = true;
    }
    problems.hidden = !problems.firstElementChild;
    if (!focused) problems.scrollIntoView({ block: "nearest" });
  });
  dialogBody.addEventListener("htmx:beforeRequest", () => {
    for (const sentence of dialogBody.querySelectorAll(".problem")) sentence.remove();
    for (const control of dialogBody.querySelectorAll("[aria-invalid]")) {
      control.removeAttribute("aria-invalid");
      if (control.dataset.described) control.setAttribute("aria-describedby", control.dataset.described);
      else control.removeAttribute("aria-describedby");
    }
    const problems = dialogBody.querySelector(".problems");
    if (problems) {
      problems.replaceChildren();
      problems.hidden = true;
    }
  });

  body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const confirm = $("#confirm");
    $("#confirm-question").textContent = event.detail.question;
    const yes = confirm.querySelector("[data-yes]");
    const agree = () => {
      confirm.close();
      event.detail.issueRequest(true);
    };
    yes.addEventListener("click", agree, { once: true });
    confirm.addEventListener("close", () => yes.removeEventListener("click", agree), { once: true });
    confirm.showModal();
  });

  // ---- The clock takes a moment, which is said to those who cannot see it too.
  const spoken = $("#spoken");
  body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.closest("#clock-steps") && !event.defaultPrevented) spoken.textContent = words.moving;
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "sidebar" && spoken.textContent === words.moving && !$("#clock-steps [aria-busy=true]")) {
      spoken.textContent = $("#clock-now").textContent;
    }
  });

  // ---- A button that has done its work may make room for another one. The focus then goes to their message, so that
  // a second press of the same key is not a press of something else.
  let held = null;
  body.addEventListener("htmx:beforeSwap", (event) => {
    const element = document.activeElement;
    if (!event.target.matches(".log") || !event.target.contains(element)) return;
    // A reaction that was put on can be taken off again where one is.
    if (element.matches(".reaction")) return;
    const message = element.closest("article");
    held = { element, about: element.getAttribute("hx-vals"), message: message && message.id };
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    if (!held || !event.target.matches(".log")) return;
    const { element, about, message } = held;
    held = null;
    const focused = document.activeElement;
    const isLost = focused === body || (focused === element && element.getAttribute("hx-vals") !== about);
    if (!isLost) return;
    const next = document.getElementById(message) || event.target.closest("main, aside").querySelector("textarea");
    if (next) next.focus({ preventScroll: true });
  });

  // ---- Small things to press
  const picker = $("#picker");

  function openPicker(button) {
    picker.dataset.message = button.dataset.react;
    picker.showPopover();
    const at = button.getBoundingClientRect();
    const size = picker.getBoundingClientRect();
    picker.style.left = `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`;
    picker.style.top = `${at.top - size.height - 6 > 8 ? at.top - size.height - 6 : at.bottom + 6}px`;
    picker.querySelector("button").focus();
  }

  function setMenu(open) {
    body.classList.toggle("menu-open", open);
    $("#menu").setAttribute("aria-expanded", String(open));
    if (open) $("#sidebar .me").focus();
    else if ($("#sidebar").contains(document.activeElement)) $("#menu").focus();
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-react], [data-emoji], [data-close], [data-open], #menu, #backdrop");
    if (!pressed) return;
    if (pressed.dataset.react) openPicker(pressed);
    else if (pressed.dataset.emoji) {
      const values = { message: picker.dataset.message, emoji: pressed.dataset.emoji, on: "yes", once: nameOfAct() };
      picker.hidePopover();
      htmx.ajax("POST", `${body.dataset.base}/react`, { source: picker, values, swap: "none" });
    } else if ("close" in pressed.dataset) pressed.closest("dialog").close();
    else if (pressed.dataset.open) {
      setMenu(false);
      document.getElementById(pressed.dataset.open).showModal();
      $("#people-search").focus();
    } else setMenu(pressed.id === "menu" && !body.classList.contains("menu-open"));
  });

  picker.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...picker.querySelectorAll("button")];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || $("dialog[open]") || $(":popover-open")) return;
    if (body.classList.contains("menu-open")) setMenu(false);
    else if ($("#close-thread") && $(".thread").contains(document.activeElement)) $("#close-thread").click();
  });

  // A link to a message leads the eye to it, and so does an open thread to what it is about.
  const root = new URLSearchParams(location.search).get("thread");
  const target = document.getElementById(location.hash.slice(1) || `m-${root}`);
  if (target) {
    target.scrollIntoView({ block: "center" });
    target.classList.add("pointed-at");
  }
})();
