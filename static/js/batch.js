// Comfort only: the boxes of a head tick what they name at once; without this file the server does it when the form is sent.
(() => {
  "use strict";
  const form = document.querySelector("form[data-batch]");
  if (!form) return;
  const boxesOf = (all) =>
    [...form.querySelectorAll("input[name=signe]")].filter((box) =>
      all.dataset.kind === "colonne"
        ? box.value.endsWith(`:${all.value}`)
        : box.value.startsWith(`${all.value}:`) && !("optional" in box.dataset), // a minor's own signature is ticked by itself
    );
  const alls = [...form.querySelectorAll("input[name=colonne], input[name=ligne]")];
  for (const all of alls) {
    all.dataset.kind = all.name;
    all.removeAttribute("name"); // from now on the boxes themselves say what is ticked
    if (!boxesOf(all).length) all.hidden = true;
  }
  const show = () => {
    for (const all of alls) {
      const boxes = boxesOf(all);
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  form.addEventListener("change", (event) => {
    const all = event.target;
    if (all.dataset.kind) for (const box of boxesOf(all)) box.checked = all.checked;
    show();
  });
  show();
})();
