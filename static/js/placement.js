// Comfort for the form of a placement: every step works without this file.
(() => {
  "use strict";

  // The dates follow the chosen period, until somebody changes them.
  const period = document.getElementById("id_period");
  const dates = [document.getElementById("id_start_date"), document.getElementById("id_end_date")];
  period?.addEventListener("change", () => {
    const chosen = period.selectedOptions[0];
    if (!chosen?.dataset.start) return;
    dates[0].value = chosen.dataset.start;
    dates[1].value = chosen.dataset.end;
  });

  // The week: a usual one, or Monday's hours for the days that follow.
  const grid = document.querySelector("[data-timetable]");
  const cell = (day, part) => grid.querySelector(`[name$="_${day}_${part}"]`);
  const PARTS = ["matin_de", "matin_a", "soir_de", "soir_a"];
  const fill = (days, hours) => {
    for (const day of days) PARTS.forEach((part, number) => { cell(day, part).value = hours[number]; });
    grid.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const tools = document.querySelector("[data-timetable-tools]");
  if (grid && tools) {
    tools.hidden = false;
    tools.querySelector("[data-timetable-typical]").addEventListener("click", () =>
      fill(["lun", "mar", "mer", "jeu", "ven"], ["08:00", "12:00", "13:00", "16:00"]));
    tools.querySelector("[data-timetable-copy]").addEventListener("click", () =>
      fill(["mar", "mer", "jeu", "ven"], PARTS.map((part) => cell("lun", part).value)));
  }

  // Someone known, who signs or who is the tutor, needs no name typed.
  const showNewPeople = () => {
    for (const fresh of document.querySelectorAll("[data-new-person]")) {
      fresh.hidden = Boolean(document.querySelector(`[data-person="${fresh.dataset.newPerson}"]`)?.value);
    }
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-person]")) showNewPeople(); });
  document.addEventListener("htmx:afterSettle", showNewPeople);
  showNewPeople();
})();
