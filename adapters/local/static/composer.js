// Writing: Enter sends, a slash completes commands, and what is half written survives going elsewhere.
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const spoken = document.getElementById("spoken");

  for (const form of document.querySelectorAll(".composer")) composer(form);

  function composer(form) {
    const field = form.querySelector("textarea");
    const list = form.querySelector("[role=listbox]");
    const options = [...list.children];
    const kept = `written:${form.getAttribute("hx-post")}:${form.elements.thread ? form.elements.thread.value : ""}`;
    let chosen = -1;
    let sent = "";

    const fit = () => {
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`;
    };
    const shown = () => options.filter((option) => !option.hidden);

    function choose(number) {
      chosen = number;
      shown().forEach((option, index) => option.setAttribute("aria-selected", String(index === number)));
      const option = shown()[number];
      if (option) {
        field.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else field.removeAttribute("aria-activedescendant");
    }

    function complete() {
      const typed = /^\/([\w-]*)$/.exec(field.value);
      for (const option of options) option.hidden = !typed || !option.dataset.command.startsWith(typed[1].toLowerCase());
      const wasHidden = list.hidden;
      list.hidden = shown().length === 0;
      if (list.hidden) choose(-1);
      else {
        choose(0);
        if (wasHidden) spoken.textContent = words.commands;
      }
    }

    function take(option) {
      field.value = `/${option.dataset.command} `;
      list.hidden = true;
      choose(-1);
      keep();
      field.focus();
    }

    function keep() {
      fit();
      if (field.value) sessionStorage.setItem(kept, field.value);
      else sessionStorage.removeItem(kept);
    }

    field.addEventListener("input", () => {
      keep();
      complete();
    });
    field.addEventListener("blur", () => setTimeout(() => (list.hidden = true), 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[data-command]");
      if (option) take(option);
    });

    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (!list.hidden) {
        const all = shown();
        const exact = all.find((option) => field.value.toLowerCase() === `/${option.dataset.command}`);
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          choose((chosen + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
          event.preventDefault();
          return;
        }
        if (event.key === "Escape") {
          list.hidden = true;
          choose(-1);
          event.preventDefault();
          return;
        }
        if ((event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && all[chosen] !== exact)) {
          take(all[chosen]);
          event.preventDefault();
          return;
        }
      }
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        if (field.value.trim()) form.requestSubmit();
      }
    });

    form.addEventListener("htmx:beforeRequest", () => (sent = field.value));
    form.addEventListener("htmx:afterRequest", (event) => {
      // What has been typed since it was sent is not lost.
      if (!event.detail.successful || event.detail.elt !== form || field.value !== sent) return;
      field.value = "";
      list.hidden = true;
      keep();
      const scroller = form.parentElement.querySelector(".scroller");
      // The log is drawn from its end, so that its end is at 0.
      scroller.scrollTop = 0;
    });

    // Somebody may have begun to write before this ran.
    field.value = field.value || sessionStorage.getItem(kept) || "";
    fit();
  }

  // Whoever comes here with a keyboard can begin to write; on a phone the keyboard would hide the conversation.
  const last = document.querySelector(".thread textarea") || document.querySelector("textarea#text-here");
  if (last && matchMedia("(hover: hover) and (min-width: 800px)").matches && !document.querySelector("dialog[open]")) {
    last.focus({ preventScroll: true });
  }
})();
