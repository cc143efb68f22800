"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words, step = 50;
  const byId = (id) => document.getElementById(id);
  const form = byId("choose"), list = byId("found"), status = byId("status"), more = byId("more");
  const fields = ["clause", "account", "class", "week", "outcome"];
  let chosen = [], shown = 0;

  const make = (tag, text, kind) => {
    const one = document.createElement(tag);
    if (text !== undefined) one.textContent = text;
    if (kind) one.className = kind;
    return one;
  };
  const lists = { clause: data.clauses.map((one) => one.join(" – ")), account: data.accounts, class: data.classes, week: data.weeks, outcome: data.outcomes };
  for (const name of fields) {
    lists[name].forEach((text, place) => {
      const option = make("option", text.length > 70 ? text.slice(0, 69) + "…" : text);
      option.value = place;
      form.elements[name].append(option);
    });
  }

  const searched = data.findings.map((one) => [
    one[6], one[7], data.codes[one[5]][0], ...one[1].map((place) => data.accounts[place]),
  ].join(" ").toLocaleLowerCase(words.language));
  const wants = () => {
    const asked = Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
    const text = form.elements.search.value.trim().toLocaleLowerCase(words.language);
    const at = (name, value) => asked[name] === "" || Number(asked[name]) === value;
    const among = (name, values) => asked[name] === "" || values.includes(Number(asked[name]));
    return (one, place) => at("clause", one[0]) && among("account", one[1]) && among("class", one[2])
      && at("week", one[3]) && at("outcome", one[4]) && (text === "" || searched[place].includes(text));
  };

  const item = (one) => {
    const [clause, , , , outcome, code, where, told] = one, row = data.codes[code];
    const li = make("li"), details = make("details"), summary = make("summary");
    summary.append(make("span", `${data.clauses[clause][0]} · ${row[0]} (${data.outcomes[outcome]})`, "kind"));
    summary.append(make("span", where, "place"), make("span", told));
    const dl = make("dl");
    const add = (term, text) => { if (text) dl.append(make("dt", term), make("dd", text)); };
    add(words.gist, data.clauses[clause][1]);
    add(words.asks, row[1]); add(words.reason, row[2]); add(words.reading, row[3]); add(words.mend, row[4]);
    details.append(summary, dl);
    li.append(details);
    return li;
  };
  const grow = () => {
    const part = document.createDocumentFragment();
    for (const one of chosen.slice(shown, shown + step)) part.append(item(one));
    list.append(part);
    shown = Math.min(shown + step, chosen.length);
    status.textContent = words.shown.replace("{n}", shown).replace("{all}", chosen.length);
    more.hidden = shown >= chosen.length;
  };
  const show = () => {
    chosen = data.findings.filter(wants());
    if (form.elements.order.value === "delay") chosen = [...chosen].sort((a, b) => b[8] - a[8]);
    list.replaceChildren();
    shown = 0;
    grow();
  };
  for (const name of [...fields, "order"]) form.elements[name].addEventListener("change", show);
  form.elements.search.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  more.addEventListener("click", () => {
    const before = shown;
    grow();
    list.children[before]?.querySelector("summary").focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-pick]");
    if (!button) return;
    form.reset();
    for (const part of button.dataset.pick.split(" ")) {
      const [name, place] = part.split("=");
      form.elements[name].value = name === "outcome" ? data.outcomeNames.indexOf(place) : place;
      if (form.elements[name].selectedIndex < 0) form.elements[name].value = "";
    }
    show();
    byId("findings").scrollIntoView();
    byId("findings").focus();
  });

  sortTables(words.language);
  for (const one of document.querySelectorAll(".screen[hidden]")) one.hidden = false;
  show();
  document.documentElement.dataset.ready = "yes";
})();
