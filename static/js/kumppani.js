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

  // Attendance: each row is a form of its own and is sent by itself, so that a thumb marks thirty people in a minute.
  // What could not be sent stays in its row and says so; nothing typed is lost.
  const marks = document.querySelector("[data-marks]");
  if (marks) {
    const said = document.getElementById("marks-said");
    const say = (words) => {
      said.textContent = words;
    };
    const onTheWay = new Map(); // row → its sending
    const next = new Map(); // row → what is to be sent after that
    const typed = new Map(); // row → the moment after which typed hours are sent
    const partly = (row) => row.querySelector("[data-part]");
    const unsaved = () => [...marks.querySelectorAll(".is-unsaved")];
    const nameOf = (row) => row.querySelector(".mark-name").textContent;

    const count = () => {
      const rows = [...marks.querySelectorAll("[data-mark]")];
      const marked = rows.filter((row) => "marked" in row.dataset).length;
      document.querySelector("[data-marked-count]").textContent = marked;
      document.querySelector("[data-fill]")?.classList.toggle("d-none", marked === rows.length);
    };

    // The server's own row takes the place of the old one; hours typed meanwhile and the place of the reader stay.
    const replace = (row, html, sent) => {
      const box = document.createElement("template");
      box.innerHTML = html;
      const fresh = box.content.firstElementChild;
      const hours = row.querySelector(".mark-hours")?.value;
      const field = fresh.querySelector(".mark-hours");
      if (field && hours && hours !== sent.get("hours")) {
        field.value = hours;
      }
      const active = row.contains(document.activeElement) ? document.activeElement : null;
      row.replaceWith(fresh);
      const question = fresh.querySelector("[autofocus]");
      if (question) {
        question.focus();
      } else if (active) {
        const same = active.name === "hours" ? field : fresh.querySelector(`.mark-button[value="${active.value}"]`);
        same?.focus({ preventScroll: true });
      }
      count();
      const state = question ?? fresh.querySelector("[data-state]");
      say(`${nameOf(fresh)}: ${state.textContent.trim()}`);
      return fresh;
    };

    const notSaved = (row, sent, signedOut) => {
      row.classList.add("is-unsaved");
      row.querySelector("[data-state]").textContent = "";
      row.querySelector(".mark-unsaved")?.remove();
      const note = document.getElementById("mark-unsaved").content.firstElementChild.cloneNode(true);
      note.querySelector("[data-sign-in]").classList.toggle("d-none", !signedOut);
      note.querySelector("[data-again]").addEventListener("click", async () => {
        if (signedOut) {
          await freshKey();
        }
        sent.set("csrfmiddlewaretoken", row.querySelector("[name=csrfmiddlewaretoken]").value);
        send(row, sent);
      });
      row.append(note);
      say(`${nameOf(row)}: ${note.querySelector("strong").textContent}`);
    };

    // After signing in anew the page's old key opens nothing: take the one of a fresh copy of this page.
    const freshKey = async () => {
      try {
        const page = await (await fetch(window.location.href)).text();
        const key = new DOMParser().parseFromString(page, "text/html").querySelector("[data-row] [name=csrfmiddlewaretoken]");
        document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
          field.value = key?.value ?? field.value;
        });
      } catch {
        // Still no way through: the row goes on saying that it is not saved.
      }
    };

    const send = (row, data) => {
      if (onTheWay.has(row)) {
        next.set(row, data);
        return;
      }
      row.classList.add("is-sending");
      row.classList.remove("is-unsaved");
      row.querySelector(".mark-unsaved")?.remove();
      row.querySelector("[data-state]").textContent = marks.dataset.saving;
      const sending = (async () => {
        let answer;
        let html = "";
        try {
          answer = await fetch(row.querySelector("[data-row]").action, {
            method: "POST",
            body: data,
            headers: { "X-Requested-With": "fetch" },
            signal: AbortSignal.timeout?.(20000),
          });
          html = answer.headers.has("X-Row") ? await answer.text() : "";
        } catch {
          answer = undefined;
        }
        onTheWay.delete(row);
        row.classList.remove("is-sending");
        const later = next.get(row);
        next.delete(row);
        if (!html) {
          notSaved(row, later ?? data, answer && (answer.redirected || answer.status === 403));
          return;
        }
        const fresh = replace(row, html, data);
        if (later && answer.ok) {
          later.set("seen_version", fresh.querySelector("[name=seen_version]").value);
          send(fresh, later);
        }
      })();
      onTheWay.set(row, sending);
    };

    // Before the general rule below, which would take a second press for a mistake.
    document.addEventListener(
      "submit",
      (event) => {
        const form = event.target;
        if ("row" in form.dataset) {
          event.preventDefault();
          const row = form.closest("[data-mark]");
          const button = event.submitter ?? partly(row);
          const hours = row.querySelector(".mark-hours");
          clearTimeout(typed.get(row));
          typed.delete(row);
          if (button.value === "part" && hours && !hours.value.trim()) {
            hours.focus();
            return;
          }
          const data = new FormData(form);
          data.set("choice", button.value);
          send(row, data);
        } else if ("fill" in form.dataset) {
          const first = unsaved()[0];
          if (first) {
            event.preventDefault();
            say(marks.dataset.first);
            first.querySelector("[data-again]").focus();
          } else if (typed.size || onTheWay.size) {
            event.preventDefault();
            typed.forEach((timer, row) => row.querySelector("[data-row]").requestSubmit(partly(row)));
            Promise.allSettled([...onTheWay.values()]).then(() => form.requestSubmit());
          }
        }
      },
      true,
    );

    // Hours that were typed are saved too when the thumb goes on to the next row; a press on a button comes before.
    marks.addEventListener("change", (event) => {
      const row = event.target.closest("[data-mark]");
      if (event.target.name === "hours" && event.target.value.trim()) {
        clearTimeout(typed.get(row));
        typed.set(
          row,
          setTimeout(() => row.querySelector("[data-row]").requestSubmit(partly(row)), 400),
        );
      }
    });

    window.addEventListener("beforeunload", (event) => {
      if (typed.size || onTheWay.size || unsaved().length) {
        event.preventDefault();
      }
    });
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
