// What makes pages quicker to use; every page works without it. Hooks are data attributes, listed in docs/pages.md.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (name) => document.body.dataset[name] || "";
  const say = (words) => { document.getElementById("live").textContent = words; };
  root.classList.add("js");

  // data-autosubmit: a form of filters is sent as soon as a choice is changed (typing waits for Enter or leaving the field)
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });

  // data-guard: leaving a form with unsaved words asks first
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => changed.delete(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) changed.delete(event.target.closest("form"));
  });
  window.addEventListener("beforeunload", (event) => {
    if (![...changed].some((form) => form.isConnected)) return;
    event.preventDefault();
    event.returnValue = text("guardText");
  });

  // data-copy: a button that copies a text
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    say(text("copiedText"));
    const label = button.querySelector(".label-text");
    const before = label.textContent;
    label.textContent = text("copiedText");
    setTimeout(() => { label.textContent = before; }, 2000);
  });

  // data-theme-switch: the colours change at once, and are kept by the form's own address
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const chosen = event.submitter.value;
    root.dataset.theme = chosen;
    all("button", form).forEach((one) => one.setAttribute("aria-pressed", String(one.value === chosen)));
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  });

  // data-key: a key that moves to a field or follows a link or button; never while one types
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const goal = all("[data-key]").find((one) => one.dataset.key === event.key && one.offsetParent !== null);
    if (!goal) return;
    event.preventDefault();
    if (goal.matches("input, select, textarea")) goal.focus(); else goal.click();
  });
  // panels that float close with Escape or a click elsewhere
  const panels = "details.reader[open], details.columns[open]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all(panels).forEach((one) => { one.open = false; one.querySelector("summary").focus(); });
  });
  document.addEventListener("click", (event) => {
    all(panels).forEach((one) => { if (!one.contains(event.target)) one.open = false; });
  });

  // table[data-sort]: headers of a table that is on the page as a whole sort it; td[data-value] says the value to sort by
  const valueOf = (row, index) => {
    const cell = row.cells[index];
    return cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
  };
  const sortBy = (table, header) => {
    const index = header.cellIndex;
    const down = header.getAttribute("aria-sort") === "ascending";
    const collator = new Intl.Collator(root.lang, { numeric: true });
    all("thead th[aria-sort]", table).forEach((one) => one.setAttribute("aria-sort", "none"));
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const compare = (a, b) => {
      const [x, y] = [valueOf(a, index), valueOf(b, index)];
      if (x === "" || y === "") return Number(x === "") - Number(y === ""); // what is not known stands last
      return (Number(x) - Number(y) || collator.compare(x, y)) * (down ? -1 : 1);
    };
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
  };
  const makeSortable = (table) => {
    table.dataset.sort = "ready";
    all("thead th:not([data-unsorted])", table).forEach((header) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      header.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sortBy(table, header));
    });
  };

  // details.columns[data-columns=<id of a table>]: choose the columns; the choice is kept in this browser
  const makeChooser = (chooser) => {
    const table = document.getElementById(chooser.dataset.columns);
    if (!table) return;
    const key = `columns:${chooser.dataset.columns}`;
    const hidden = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
    const heads = all("thead th", table).slice(1);
    const firstWords = (node) => (node.nodeType === Node.TEXT_NODE ? node.textContent.trim() : [...node.childNodes].map(firstWords).find(Boolean));
    const name = (head) => head.dataset.column || firstWords(head) || String(head.cellIndex);
    const apply = () => heads.forEach((head) => {
      const off = hidden.has(name(head));
      all("tr", table).forEach((row) => { if (row.cells[head.cellIndex]) row.cells[head.cellIndex].hidden = off; });
    });
    const panel = chooser.querySelector(".panel");
    panel.replaceChildren(...heads.map((head) => {
      const [label, box] = [document.createElement("label"), document.createElement("input")];
      label.className = "check";
      box.type = "checkbox";
      box.checked = !hidden.has(name(head));
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(name(head)); else hidden.add(name(head));
        localStorage.setItem(key, JSON.stringify([...hidden]));
        apply();
      });
      label.append(box, name(head));
      return label;
    }));
    apply();
  };

  // .table-wrap: a table that fits lets the page scroll (its header sticks to the window); one that is too wide scrolls in its box
  const fit = (wrap) => {
    const wide = wrap.firstElementChild.offsetWidth > wrap.clientWidth + 1;
    wrap.classList.toggle("fits", !wide);
    wrap.classList.toggle("scrolls", wide);
  };
  const widths = new ResizeObserver((entries) => new Set(entries.map((one) => one.target.closest(".table-wrap"))).forEach((wrap) => wrap && fit(wrap)));
  const watchWidth = (wrap) => {
    if (!wrap.firstElementChild) return;
    widths.observe(wrap);
    widths.observe(wrap.firstElementChild);
  };

  const enhance = (within) => {
    all(".table-wrap", within).forEach(watchWidth);
    all('table[data-sort=""]', within).forEach(makeSortable);
    all("details.columns[data-columns]", within).forEach(makeChooser);
    all("details.filters[data-open-wide]", within).forEach((one) => { one.open = matchMedia("(min-width: 64rem)").matches; });
    const wrong = within.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  };
  enhance(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) enhance(event.target.parentElement || document); });
})();
