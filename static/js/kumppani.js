/* Small comforts. Every page works without this file, and nothing is stored in the browser. */
(() => {
  "use strict";

  const menus = () => document.querySelectorAll("details.menu[open]");

  // A form that came back with something to mend: start reading there. Most browsers do it by the attribute
  // autofocus; an older one knows it only on fields.
  const summary = document.querySelector(".error-summary");
  if (summary && !("autofocus" in summary)) {
    summary.focus();
  }

  // A second press while the first is on its way sends nothing. The server refuses doubles by itself too.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) {
      // Later, so that the name and value of the button are sent with the form.
      setTimeout(() => {
        button.classList.add("is-sent");
        button.setAttribute("aria-disabled", "true");
      }, 0);
    }
  });

  // Back to a page that the browser kept: its forms may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
    });
    document.querySelectorAll(".is-sent").forEach((button) => {
      button.classList.remove("is-sent");
      button.removeAttribute("aria-disabled");
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    menus().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) {
        menu.querySelector("summary").focus();
      }
    });
  });

  document.addEventListener("click", (event) => {
    menus().forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });
})();
