// Comfort only: the words of the lists insert themselves in the text, at the cursor.
(() => {
  "use strict";
  const text = document.getElementById("id_text");
  if (!text) return;
  for (const code of document.querySelectorAll("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-insert";
    button.title = "Insérer dans le texte";
    code.replaceWith(button);
    button.append(code);
    button.addEventListener("click", () => {
      const { insert, insertAfter } = code.dataset;
      const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
      const from = text.selectionStart;
      text.setRangeText(insertAfter ? `${insert}${chosen}${insertAfter}` : insert, from, text.selectionEnd, "end");
      if (insertAfter) text.selectionStart = text.selectionEnd = from + insert.length + chosen.length;
      text.focus();
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
