"use strict";
// Gives the heads of tables of the kind "sorted" buttons that sort by their columns.
const sortTables = (language) => {
  const make = (tag) => document.createElement(tag);
  const value = (row, column) => {
    const cell = row.cells[column], given = cell.dataset.value;
    return given === undefined ? cell.textContent.trim() : Number(given);
  };
  for (const table of document.querySelectorAll("table.sorted")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        const compare = new Intl.Collator(language, { numeric: true }).compare;
        rows.sort((a, b) => {
          const x = value(a, column), y = value(b, column);
          const found = typeof x === "number" && typeof y === "number" ? x - y : compare(x, y);
          return down ? -found : found;
        });
        table.tBodies[0].append(...rows);
      });
    });
  }
};
