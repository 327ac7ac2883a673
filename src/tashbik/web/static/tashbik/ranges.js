// The number beside a slider follows it while it is moved; the page shows it as it was sent without this. Hook: output[data-of=<id of the slider>].
(() => {
  "use strict";
  document.addEventListener("input", (event) => {
    if (event.target.type !== "range") return;
    const shown = document.querySelector(`output[data-of="${event.target.id}"]`);
    if (shown) shown.textContent = `${event.target.value}%`;
  });
})();
