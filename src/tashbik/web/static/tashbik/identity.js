// Keys on the pages of duplicates; every page works without them. Letters follow the key's place where the keyboard writes Arabic.
(() => {
  "use strict";
  const typing = "input:not([type=radio]), select, textarea, [contenteditable]";

  // data-key of tashbik.js goes by the letter that was typed: on an Arabic keyboard the same key does the same
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (/^[\x20-\x7e]$/.test(event.key) || !/^Key[A-Z]$/.test(event.code)) return;
    const letter = event.code.slice(3).toLowerCase();
    const goal = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === letter && one.offsetParent !== null);
    if (!goal) return;
    event.preventDefault();
    goal.click();
  });

  // form[data-choices]: 1, 2 and 3 choose in the field that has the focus and go on to the next one; the last leads to the button
  const form = document.querySelector("form[data-choices]");
  if (!form) return;
  const fields = [...form.querySelectorAll("fieldset")];
  const at = () => fields.findIndex((one) => one.contains(document.activeElement));
  const enter = (number) => {
    const field = fields[number];
    (field ? field.querySelector("input:checked") || field.querySelector("input") : form.querySelector("button")).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
    const digit = /^Digit[123]$/.test(event.code) || /^Numpad[123]$/.test(event.code) ? Number(event.code.slice(-1)) : 0;
    if (!digit) return;
    const number = Math.max(0, at());
    const option = fields[number].querySelectorAll("input[type=radio]")[digit - 1];
    if (!option) return;
    event.preventDefault();
    option.checked = true;
    option.dispatchEvent(new Event("change", { bubbles: true }));
    enter(number + 1);
  });
  enter(0);
})();
