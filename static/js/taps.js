// Presence by taps: says when a tap did not reach the lycée. The next one that does sends all that waits; without this file the
// button at the end of the list saves everything.
(() => {
  "use strict";

  const form = document.querySelector("form.taps");
  const unsent = form?.querySelector("[data-unsent]");
  if (!unsent) return;
  const say = (shown) => (unsent.hidden = !shown);
  for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) form.addEventListener(kind, () => say(true));
  form.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const elsewhere = xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(form.action || location.href, location.href).pathname;
    // Signed out: the answer is the page of signing in, which has no place here.
    if (elsewhere) event.preventDefault();
    say(elsewhere || xhr.status >= 400);
  });
  addEventListener("beforeunload", (event) => {
    if (!unsent.hidden && !form.dataset.sent) event.preventDefault();
  });
})();
