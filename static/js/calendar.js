// Moving a period with the mouse on the calendar of the year: by whole weeks, from Monday to Friday. Without this file, and
// with the keyboard, a band opens its period, whose form has the dates.
(() => {
  "use strict";

  const box = document.querySelector("[data-calendar]");
  const svg = box?.querySelector("svg[data-day]");
  if (!svg) return;
  const said = box.querySelector("[data-moved]");
  const DAY = 86400000;
  const EDGE = 7; // pixels on each side of a band that change one date only

  const read = (text) => new Date(`${text}T00:00:00Z`);
  const plus = (day, count) => new Date(day.getTime() + count * DAY);
  const iso = (day) => day.toISOString().slice(0, 10);
  const words = (day) => day.toLocaleDateString("fr-FR", { day: "numeric", month: "long", timeZone: "UTC" });
  const weekday = (day) => (day.getUTCDay() + 6) % 7; // Monday is 0

  // The nearest day of the week: a period begins on a Monday and ends on a Friday.
  const nearest = (day, wanted) => {
    const ahead = (wanted - weekday(day) + 7) % 7;
    return plus(day, ahead <= 3 ? ahead : ahead - 7);
  };

  let drag = null;

  const pixelsPerDay = () => Number(svg.dataset.day) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;

  const dates = (shift) => {
    const { start, end, part } = drag;
    if (!shift) return [start, end];
    if (part === "start") {
      const moved = nearest(plus(start, shift), 0);
      return moved <= end ? [moved, end] : [start, end];
    }
    if (part === "end") {
      const moved = nearest(plus(end, shift), 4);
      return moved >= start ? [start, moved] : [start, end];
    }
    // The whole band keeps its length; a period that begins on a Monday still does.
    const moved = weekday(start) === 0 ? nearest(plus(start, shift), 0) : plus(start, shift);
    return [moved, plus(end, Math.round((moved - start) / DAY))];
  };

  const draw = ([start, end]) => {
    const day = Number(svg.dataset.day);
    const rect = drag.band.querySelector("rect");
    const left = drag.x + Math.round((start - drag.start) / DAY) * day;
    rect.setAttribute("x", left);
    rect.setAttribute("width", drag.width + Math.round((end - drag.end - (start - drag.start)) / DAY) * day);
    drag.band.querySelector("text")?.setAttribute("x", left + 4);
    said.textContent = `Du ${words(start)} au ${words(end)}`;
  };

  const send = ([start, end]) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = drag.band.dataset.moveUrl;
    const values = {
      csrfmiddlewaretoken: box.querySelector("[name=csrfmiddlewaretoken]").value,
      version: drag.band.dataset.version,
      start_date: iso(start),
      end_date: iso(end),
      retour: "annee",
    };
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointerdown", (event) => {
    const band = event.target.closest("a[data-move-url]");
    if (!band || event.pointerType !== "mouse" || event.button !== 0) return;
    const rect = band.querySelector("rect");
    const place = rect.getBoundingClientRect();
    const fromLeft = event.clientX - place.left;
    const part = fromLeft < EDGE ? "start" : place.width - fromLeft < EDGE ? "end" : "all";
    drag = {
      band, part, from: event.clientX, shift: 0, moved: false,
      start: read(band.dataset.start), end: read(band.dataset.end),
      x: Number(rect.getAttribute("x")), width: Number(rect.getAttribute("width")),
    };
    event.preventDefault();
  });
  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const pixels = event.clientX - drag.from;
    if (!drag.moved && Math.abs(pixels) < 4) return;
    drag.moved = true;
    drag.shift = Math.round(pixels / pixelsPerDay());
    drag.band.classList.add("is-moving");
    draw(dates(drag.shift));
  });
  window.addEventListener("pointerup", () => {
    if (!drag) return;
    const found = dates(drag.shift);
    const changed = iso(found[0]) !== iso(drag.start) || iso(found[1]) !== iso(drag.end);
    drag.band.classList.remove("is-moving");
    if (drag.moved) {
      // The click that follows a drag does not open the period.
      svg.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
      setTimeout(() => svg.dispatchEvent(new MouseEvent("click", { cancelable: true })), 0);
    }
    if (changed) send(found);
    else if (drag.moved) draw([drag.start, drag.end]);
    drag = null;
  });
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    draw([drag.start, drag.end]);
    drag.band.classList.remove("is-moving");
    said.textContent = "";
    drag = null;
  });
})();
