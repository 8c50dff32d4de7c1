/* Makes the form quicker; without it everything works too. */
(function () {
  "use strict";

  /* A box in which one types a part of a name; what is chosen is kept, a code a line, in the text area. */
  function combo(area) {
    var labels = JSON.parse(area.dataset.labels || "{}");
    var box = document.createElement("div");
    var chosen = document.createElement("ul");
    var input = document.createElement("input");
    var list = document.createElement("ul");
    var listId = area.id + "-options";
    var active = -1;
    var timer = 0;
    var asked = 0;

    function values() { return area.value.split("\n").map(function (v) { return v.trim(); }).filter(Boolean); }

    function close() { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }

    function draw() {
      chosen.textContent = "";
      values().forEach(function (value) {
        var item = document.createElement("li");
        var button = document.createElement("button");
        item.textContent = (labels[value] || value) + " ";
        button.type = "button";
        button.textContent = "×";
        button.setAttribute("aria-label", area.dataset.remove + ": " + (labels[value] || value));
        button.addEventListener("click", function () {
          area.value = values().filter(function (v) { return v !== value; }).join("\n");
          draw();
          input.focus();
        });
        item.appendChild(button);
        chosen.appendChild(item);
      });
    }

    function choose(option) {
      labels[option.id] = option.label;
      var all = area.dataset.one ? [] : values();
      if (all.indexOf(option.id) < 0) { all.push(option.id); }
      area.value = all.join("\n");
      input.value = "";
      close();
      draw();
      area.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function show(options) {
      list.textContent = "";
      options.forEach(function (option, index) {
        var item = document.createElement("li");
        var hint = document.createElement("small");
        item.id = listId + "-" + index;
        item.setAttribute("role", "option");
        item.textContent = option.label;
        hint.textContent = option.hint;
        item.appendChild(hint);
        item.addEventListener("mousedown", function (event) { event.preventDefault(); choose(option); });
        item.culturapeOption = option;
        list.appendChild(item);
      });
      if (!options.length) {
        var none = document.createElement("li");
        none.textContent = area.dataset.none;
        list.appendChild(none);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }

    function search() {
      var text = input.value.trim();
      var mine = ++asked;
      if (!text) { close(); return; }
      var address = area.dataset.search + "?scheme=" + encodeURIComponent(area.dataset.culturapeConcepts) + "&q=" + encodeURIComponent(text);
      fetch(address, { headers: { Accept: "application/json" } })
        .then(function (response) { return response.json(); })
        .then(function (answer) { if (mine === asked && answer.success) { show(answer.result); } })
        .catch(close);
    }

    function move(step) {
      var items = list.querySelectorAll("[role=option]");
      if (!items.length) { return; }
      active = (active + step + items.length) % items.length;
      items.forEach(function (item, index) { item.setAttribute("aria-selected", String(index === active)); });
      input.setAttribute("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    }

    box.className = "culturape-combo";
    chosen.className = "culturape-chosen";
    list.className = "culturape-options";
    list.id = listId;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    input.className = "form-control";
    input.type = "text";
    input.id = area.id + "-box";
    input.autocomplete = "off";
    input.placeholder = area.dataset.placeholder;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", listId);
    if (area.getAttribute("aria-describedby")) { input.setAttribute("aria-describedby", area.getAttribute("aria-describedby")); }
    input.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(search, 150); });
    input.addEventListener("blur", function () {
      close();
      if (input.value.trim()) { area.value = values().concat(input.value.trim()).join("\n"); input.value = ""; draw(); }
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
      if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
      if (event.key === "Escape") { close(); }
      if (event.key === "Enter") {
        event.preventDefault();
        var items = list.querySelectorAll("[role=option]");
        var item = items[active] || items[0];
        if (!list.hidden && item) { choose(item.culturapeOption); }
      }
    });
    box.appendChild(chosen);
    box.appendChild(input);
    box.appendChild(list);
    area.hidden = true;
    area.parentNode.insertBefore(box, area);
    var label = document.querySelector('label[for="' + area.id + '"]');
    if (label) { label.htmlFor = input.id; }
    draw();
  }

  function checked(name) {
    return Array.prototype.map.call(document.querySelectorAll('input[name="' + name + '"]:checked'), function (box) { return box.value; });
  }

  /* The access level that follows from the answers on care, with the reason; the person decides. */
  function suggestAccess(note) {
    var table = JSON.parse(note.dataset.culturapeAccess);
    var order = ["solo-metadatos", "con-protocolo", "abierto-generalizado", "no-revisado", "abierto"];
    var select = document.getElementById("field-access_level");
    function update() {
      var found = checked("sensitivity").map(function (name) { return table[name]; }).filter(Boolean);
      found.sort(function (a, b) { return order.indexOf(a.level) - order.indexOf(b.level); });
      note.hidden = !found.length || select.value === found[0].level;
      if (note.hidden) { return; }
      var button = document.createElement("button");
      var option = select.querySelector('option[value="' + found[0].level + '"]');
      button.type = "button";
      button.className = "btn btn-sm btn-primary";
      button.textContent = note.dataset.use;
      button.addEventListener("click", function () { select.value = found[0].level; update(); });
      note.textContent = note.dataset.suggested + ": " + (option ? option.textContent : found[0].level) + " — " + found[0].reason + ". ";
      note.appendChild(button);
    }
    document.addEventListener("change", update);
    update();
  }

  function chosen(name) {
    var area = document.querySelector('textarea[name="' + name + '"]');
    return area ? area.value.split("\n").filter(Boolean) : checked(name);
  }

  /* What the answers of one field suggest for another; a person confirms. */
  function suggestFrom(note) {
    var table = JSON.parse(note.dataset.table);
    var target = note.dataset.target;
    function update() {
      var found = {};
      chosen(note.dataset.culturapeFrom).forEach(function (value) { Object.assign(found, table[value] || {}); });
      chosen(target).forEach(function (value) { delete found[value]; });
      var ids = Object.keys(found);
      note.hidden = !ids.length;
      if (note.hidden) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-primary";
      button.textContent = note.dataset.use;
      button.addEventListener("click", function () {
        ids.forEach(function (id) {
          var box = document.querySelector('input[name="' + target + '"][value="' + id + '"]');
          if (box) { box.checked = true; }
        });
        update();
      });
      note.textContent = note.dataset.suggested + ": " + ids.map(function (id) { return found[id]; }).join(", ") + ". ";
      note.appendChild(button);
      var details = note.closest("details");
      if (details) { details.open = true; }
    }
    document.addEventListener("change", update);
    update();
  }

  /* Fields that only matter after a certain answer. */
  function relevance(frame) {
    var rule = JSON.parse(frame.dataset.relevant);
    var wanted = rule.any_of || [rule.has];
    function update() {
      var filled = frame.querySelector("input:checked, select option[value]:not([value='']):checked");
      frame.hidden = !filled && !checked(rule.field).some(function (value) { return wanted.indexOf(value) >= 0; });
    }
    document.addEventListener("change", update);
    update();
  }

  /* What was typed survives an expired session. Answers on care are not kept on the machine. */
  function keepDraft(form) {
    var key = "culturape-draft:" + location.pathname;
    var notKept = /^(access_reason|community_authority|consent_reference|generalisation_note|_csrf_token|upload)/;
    try {
      if (document.querySelector(".flash-messages .alert-success, .alert-success")) { localStorage.removeItem(key); }
      var kept = JSON.parse(localStorage.getItem(key) || "null");
      if (kept && Date.now() - kept.at < 86400000) {
        Object.keys(kept.values).forEach(function (name) {
          var control = form.elements[name];
          if (control && control.value === "" && control.tagName) { control.value = kept.values[name]; }
        });
      }
      form.addEventListener("input", function () {
        var values = {};
        Array.prototype.forEach.call(form.elements, function (control) {
          var typed = control.tagName === "TEXTAREA" || control.type === "text";
          if (control.name && typed && control.value && !notKept.test(control.name)) { values[control.name] = control.value; }
        });
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: values }));
      });
      form.addEventListener("submit", function () { sessionStorage.setItem("culturape-sent", key); });
    } catch (error) { /* storage may be forbidden; the form works without it */ }
  }

  function start() {
    document.querySelectorAll(".culturape-form [data-relevant]").forEach(relevance);
    document.querySelectorAll("[data-culturape-access]").forEach(suggestAccess);
    document.querySelectorAll("[data-culturape-from]").forEach(suggestFrom);
    var form = document.querySelector(".culturape-form");
    if (form && form.closest("form")) { keepDraft(form.closest("form")); }
    document.querySelectorAll("textarea[data-culturape-concepts]").forEach(combo);
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
