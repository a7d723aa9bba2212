// Offers the reader's own time zone in the calendar's form. The page works without it.
(function () {
  "use strict";
  var choice = document.querySelector("select[name=tz]");
  if (!choice || /[?&]tz=/.test(location.search)) return;
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone.indexOf("/") < 0) return;
  if (!Array.prototype.some.call(choice.options, function (each) { return each.value === zone; })) {
    choice.add(new Option(zone.split("/").pop().replace(/_/g, " "), zone), 1);
  }
  choice.value = zone;
})();
