/* More rows in the form of a harvest source, without saving in between; without it everything works too. */
(function () {
  "use strict";

  function renumber(row, number) {
    row.querySelectorAll("[name]").forEach(function (control) {
      var id = control.id.replace(/\d+$/, number);
      var label = row.querySelector('label[for="' + control.id + '"]');
      control.name = control.name.replace(/-\d+-/, "-" + number + "-");
      control.id = id;
      control.value = "";
      if (label) { label.htmlFor = id; }
    });
  }

  function rows(box) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-default btn-secondary";
    button.textContent = box.dataset.add;
    button.addEventListener("click", function () {
      var all = box.querySelectorAll(".culturape-row");
      var row = all[all.length - 1].cloneNode(true);
      renumber(row, all.length);
      box.insertBefore(row, button);
      row.querySelector("input").focus();
    });
    box.appendChild(button);
  }

  function start() {
    document.querySelectorAll("[data-culturape-rows]").forEach(rows);
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
