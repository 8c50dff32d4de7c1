/* For those who hear a page or use no mouse: on all pages, those of CKAN too. */
(function () {
  "use strict";

  /* What is wrong with a form is heard first, and the next key leads to its first line. */
  function tellErrors() {
    var errors = document.querySelector("[data-culturape-errors], .error-explanation, .culturape-problems");
    if (!errors) { return; }
    errors.tabIndex = -1;
    errors.focus();
  }

  /* CKAN makes a box that chooses all rows of a table, and gives it no name. */
  function nameBox(cell) {
    var box = cell.querySelector("input");
    if (box) { box.setAttribute("aria-label", cell.dataset.culturapeAll); }
    return Boolean(box);
  }

  function mover(list, item, word, sign, step) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm culturape-move";
    button.textContent = sign;
    button.setAttribute("aria-label", word + ": " + item.querySelector(".heading").textContent.trim().replace(/\s+/g, " "));
    button.addEventListener("click", function () {
      var other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) { return; }
      list.insertBefore(step < 0 ? item : other, step < 0 ? other : item);
      button.focus();
    });
    item.appendChild(button);
  }

  /* CKAN lets files be put in order by dragging alone: buttons do it too. */
  function moveFiles(list) {
    var handles = list.querySelectorAll(".handle");
    handles.forEach(function (handle) {
      var item = handle.closest(".resource-item");
      handle.tabIndex = -1;
      handle.setAttribute("aria-hidden", "true");
      mover(list, item, list.dataset.culturapeUp, "\u2191", -1);
      mover(list, item, list.dataset.culturapeDown, "\u2193", 1);
    });
    return Boolean(handles.length);
  }

  /* Modules of CKAN begin when their words have come, which is after the page. */
  function whenThere(selector, act) {
    document.querySelectorAll(selector).forEach(function (part) {
      if (act(part)) { return; }
      var watch = new MutationObserver(function () {
        watch.disconnect();
        if (!act(part)) { watch.observe(part, { childList: true, subtree: true }); }
      });
      watch.observe(part, { childList: true, subtree: true });
    });
  }

  function start() {
    tellErrors();
    whenThere("[data-culturape-all]", nameBox);
    whenThere("[data-culturape-up]", moveFiles);
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
