"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const byId = (id) => document.getElementById(id);
  const select = byId("choose").elements.school, behind = byId("behind");

  const make = (tag, text, kind) => {
    const one = document.createElement(tag);
    if (text !== undefined) one.textContent = text;
    if (kind) one.className = kind;
    return one;
  };
  const named = (tag, text, id) => {
    const one = make(tag, text);
    one.id = id;
    return one;
  };
  const outcomes = ["late", "missing", "broken", "early", "undecidable"];
  const table = (first, rows, label) => {
    const made = make("table"), head = make("thead"), top = make("tr"), body = make("tbody");
    for (const [place, text] of [first, words.entries, words.per_thousand, ...outcomes.map((one) => words[one])].entries()) {
      const cell = make("th", text, place ? "" : "name");
      cell.scope = "col";
      top.append(cell);
    }
    for (const row of rows) {
      const line = make("tr");
      row.forEach((value, place) => {
        const cell = make(place ? "td" : "th", place > 2 && value === 0 ? "" : value, place ? "" : "name");
        if (!place) cell.scope = "row";
        line.append(cell);
      });
      body.append(line);
    }
    head.append(top);
    made.append(head, body);
    const wide = make("div", undefined, "wide");
    wide.tabIndex = 0;
    wide.setAttribute("role", "region");
    wide.setAttribute("aria-labelledby", label);
    wide.append(made);
    return wide;
  };
  const show = () => {
    const school = data.schools[select.value];
    behind.replaceChildren(named("h3", words.class, "behind-classes"), table(words.class, school.classes, "behind-classes"));
    behind.append(named("h3", words.teacher, "behind-teachers"), table(words.teacher, school.teachers, "behind-teachers"));
    behind.append(make("h3", words.findings));
    const list = make("ul", undefined, "found");
    for (const [kind, where, told, hands] of school.findings) {
      const item = make("li");
      item.append(make("span", kind, "kind"), make("span", where, "place"), make("span", [told, hands].filter(Boolean).join(" · ")));
      list.append(item);
    }
    behind.append(school.findings.length ? list : make("p", words.none));
  };
  data.schools.forEach((one, place) => {
    const option = make("option", one.name);
    option.value = place;
    select.append(option);
  });
  select.addEventListener("change", show);
  byId("choose").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-school]");
    if (!button) return;
    select.value = button.dataset.school;
    show();
    byId("closely").scrollIntoView();
    byId("closely").focus();
  });

  sortTables(data.language);
  for (const one of document.querySelectorAll(".screen[hidden]")) one.hidden = false;
  if (data.schools.length) {
    select.value = 0;
    show();
  }
  document.documentElement.dataset.ready = "yes";
})();
