#!/usr/bin/python3
"""`byzsim report` in a browser: report_page_test.py PROGRAM. Exit code 77 without Chromium."""

import sys
import tempfile
import unittest

import chromium
from report_pages import Pages

MARKUP = '</script><b class="evil">bold</b>'

# Painted pixels of a chart that have exactly the colour of a series.
PIXELS = """(n => {
  const hex = getComputedStyle(document.documentElement).getPropertyValue('--series-1').trim();
  const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
  let count = 0;
  for (const canvas of document.querySelectorAll('.plot')[n].querySelectorAll('canvas')) {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4)
      count += data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255;
  }
  return count;
})"""
ARROWS = "document.querySelectorAll('.space-time line.arrow').length"
STEP = "document.querySelector('.timeline input[type=number]')"
WINDOWS = "document.querySelector('.timeline select')"
STILL = "document.querySelector('[aria-busy=true]') === null"
# Of every piece, those that are under way in the window that is shown.
UNDER_WAY = """(async () => {
  const pieces = new Pieces(data.timeline), {begin: first, until} = data.timeline;
  await pieces.load(pieces.all);
  const messages = pieces.all.flatMap(piece => pieces.content(piece).messages);
  const [count, unit] = document.querySelector('.timeline select').value.split(' ');
  const width = count * {ns: 1, 'µs': 1e3, ms: 1e6, s: 1e9}[unit];
  const time = Number(document.querySelector('input[type=range]').value);
  const begin = Math.max(first, Math.min(until - width, time - width / 2));
  return messages.filter(({sent, received}) => received > begin && sent < begin + width).length;
})()"""
SLIDER = "document.querySelector('input[type=range]')"
CLOCK = "document.querySelector('output').textContent"
FIRST_COLUMN = """[...document.querySelectorAll('table.runs tbody tr')].map(
  row => row.querySelectorAll('td')[%d].textContent)"""


class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="byzsim-report-")
        pages = Pages(PROGRAM, cls.folder.name)
        cls.trained = pages.of_run("trained")
        cls.named = pages.of_run("named", codes=(3,),
                                      change=lambda run: run.update(name=MARKUP))
        cls.blank = pages.of_run("blank", numbers="none", dimension=10, expect=[])
        cls.long = pages.of_run("long", numbers="none", dimension=10, steps=800, expect=[])
        cls.branches = pages.of_branches("branches")
        cls.later = pages.of_run("later", options=("--from", 20, "--events", 40))
        cls.sweep = pages.of_sweep("rules")
        cls.zipped = pages.of_zipped_sweep("zipped")
        cls.attacked = pages.of_attacked_sweep("attacked")
        cls.browser = chromium.Page()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.folder.cleanup()

    def open(self, page):
        self.browser.complaints.clear()
        self.browser.requests.clear()
        self.browser.open(page)
        self.browser.wait_for(STILL)
        return self.browser

    def go_to_step(self, browser, step):
        browser.run(f"""{{ const field = {STEP}; field.value = {step};
                          field.dispatchEvent(new Event('change')); }}""")
        browser.wait_for(STILL)

    def test_pages_load_without_a_complaint_and_ask_for_nothing_else(self):
        for page in (self.trained, self.named, self.blank, self.long, self.later, self.sweep,
                     self.zipped, self.attacked, self.branches):
            browser = self.open(page)
            self.assertEqual(browser.complaints, [])
            self.assertEqual(browser.requests, [f"file://{page}"])

    def test_every_curve_of_a_run_is_drawn(self):
        browser = self.open(self.trained)
        self.assertEqual(browser.run("document.querySelectorAll('.plot').length"), 5)
        for chart in range(5):
            self.assertGreater(browser.run(f"{PIXELS}({chart})"), 20)

    def test_another_column_is_another_curve(self):
        browser = self.open(self.trained)
        picture = "document.querySelectorAll('.plot')[4].querySelector('canvas').toDataURL()"
        before = browser.run(picture)
        browser.run("""{ const select = [...document.querySelectorAll('select')].find(
            each => [...each.options].some(option => option.value === 'loss'));
          select.value = 'loss'; select.dispatchEvent(new Event('change')); }""")
        self.assertNotEqual(browser.run(picture), before)

    def test_arrow_keys_move_the_scrubber_and_what_is_shown(self):
        browser = self.open(self.trained)
        shown = "document.querySelector('.space-time svg').outerHTML"
        before, clock = browser.run(shown), browser.run(CLOCK)
        browser.run(f"{SLIDER}.focus()")
        for _ in range(25):
            browser.press("ArrowRight")
        self.assertNotEqual(browser.run(CLOCK), clock)
        self.assertNotEqual(browser.run(shown), before)
        self.assertGreater(browser.run(ARROWS), 0)
        for _ in range(25):
            browser.press("ArrowLeft")
        self.assertEqual(browser.run(CLOCK), clock)
        self.assertEqual(browser.run(shown), before)

    def test_the_window_shows_exactly_the_messages_that_are_under_way_in_it(self):
        for page in (self.trained, self.long):
            browser = self.open(page)
            for share in (0, 0.3, 0.77, 1):
                browser.run(f"""{{ const slider = {SLIDER}; slider.value = {share} * slider.max;
                                  slider.dispatchEvent(new Event('input')); }}""")
                browser.wait_for(STILL)
                expected = browser.run(UNDER_WAY)
                self.assertGreater(expected, 0)
                self.assertEqual(browser.run(ARROWS), expected)

    def test_the_page_of_a_long_run_unpacks_what_it_shows(self):
        browser = self.open(self.long)
        self.assertGreater(browser.run("data.timeline.pieces.length"), 10)
        messages = "data.timeline.pieces.reduce((sum, [,, messages]) => sum + messages, 0)"
        self.assertEqual(browser.run(messages), browser.run("data.timeline.messages"))

    def test_a_reader_goes_to_a_step_and_to_the_next(self):
        browser = self.open(self.long)
        self.go_to_step(browser, 700)
        titles = browser.run("[...document.querySelectorAll('.space-time line.arrow title')]"
                             ".map(title => title.textContent)")
        self.assertTrue(any("of step 700," in title for title in titles))
        browser.run(f"{SLIDER}.focus()")
        for key, step in (("n", "701"), ("n", "702"), ("p", "701")):
            browser.press(key)
            self.assertEqual(browser.run(f"{STEP}.value"), step)
        self.go_to_step(browser, 10 ** 6)
        self.assertEqual(browser.run(f"{STEP}.value"), browser.run(f"{STEP}.max"))

    def test_a_click_on_the_overview_goes_there(self):
        browser = self.open(self.long)
        browser.run("""{ const box = document.querySelector('.overview');
          const {left, top, width} = box.getBoundingClientRect();
          box.setPointerCapture = () => {};
          box.dispatchEvent(new PointerEvent('pointerdown',
            {clientX: left + width / 2, clientY: top + 9})); }""")
        self.assertAlmostEqual(browser.run(f"{SLIDER}.value / {SLIDER}.max"), 0.5, 2)
        self.assertIn("step 100", browser.run("document.querySelector('.overview').textContent"))

    def test_a_window_is_made_wider_and_narrower(self):
        browser = self.open(self.long)
        before = browser.run(f"{WINDOWS}.selectedIndex")
        browser.run(f"{SLIDER}.focus()")
        for key, change in (("+", -1), ("-", 0), ("-", 1)):
            browser.press(key)
            self.assertEqual(browser.run(f"{WINDOWS}.selectedIndex"), before + change)

    def test_too_many_messages_for_arrows_are_counted(self):
        browser = self.open(self.long)
        browser.run(f"""{{ const select = {WINDOWS}; select.selectedIndex =
          select.options.length - 1; select.dispatchEvent(new Event('change')); }}""")
        self.assertEqual(browser.run(ARROWS), 0)
        self.assertRegex(browser.run("document.querySelector('.timeline').textContent"),
                         r"About \d\d,\d\d\d messages arrive in this window: zoom in")

    def test_branches_are_drawn_from_their_trunk(self):
        browser = self.open(self.branches)
        self.assertEqual(browser.run("document.querySelectorAll('.plot').length"), 4)
        for chart in range(4):
            self.assertGreater(browser.run(f"{PIXELS}({chart})"), 20)
        names = browser.run("[...document.querySelector('.mark-names').children].map("
                            "name => name.textContent)")
        self.assertEqual(names, ["branch 1: adversary/workers = zero",
                                 "branch 2: workers/aggregator = average"])
        # The line of a branch begins with the last row of the trunk, at every step here.
        first = "new Branches().content('loss').series.map(({values}) => values.findIndex(v => v))"
        self.assertEqual(browser.run(first), [0, 10, 20])

    def test_play_moves_through_time_and_pause_stops(self):
        browser = self.open(self.trained)
        clock = browser.run(CLOCK)
        press = "document.querySelector('.scrubber button').click()"
        browser.run(press)
        browser.wait_for(f"{CLOCK} !== '{clock}'")
        browser.run(press)
        stopped = browser.run(CLOCK)
        browser.run("new Promise(done => setTimeout(done, 200))")
        self.assertEqual(browser.run(CLOCK), stopped)

    def test_a_node_can_be_looked_at_alone(self):
        browser = self.open(self.trained)
        everyone = browser.run(ARROWS)
        browser.run("document.querySelector('.space-time .name').dispatchEvent("
                    "new MouseEvent('click'))")
        titles = browser.run("[...document.querySelectorAll('.space-time line.arrow title')]"
                             ".map(title => title.textContent)")
        self.assertTrue(0 < len(titles) < everyone)
        for title in titles:
            self.assertIn("server 0", title)

    def test_byzantine_nodes_are_marked(self):
        browser = self.open(self.trained)
        self.assertEqual(browser.run("[...document.querySelectorAll('.name.byzantine')].map("
                                     "name => name.textContent)"),
                         ["Byzantine server 4", "Byzantine worker 5", "Byzantine worker 6"])

    def test_what_a_run_lacks_is_said_where_it_would_stand(self):
        browser = self.open(self.blank)
        self.assertEqual(browser.run("[...document.querySelectorAll('.plot')].map("
                                     "plot => plot.hidden)"), [True] * 4 + [False])
        reasons = browser.run("[...document.querySelectorAll('.panel .empty')].map("
                              "panel => panel.textContent)")
        self.assertEqual(len(reasons), 4)
        for reason in reasons:
            self.assertIn('"numbers": "none"', reason)
        self.assertGreater(browser.run(ARROWS), 0)

    def test_expectations_stand_with_their_verdicts(self):
        browser = self.open(self.trained)
        self.assertEqual(browser.run("document.querySelector('span.good').textContent"), "✓ met")

    def test_a_name_with_markup_is_text_and_its_run_is_not_verified(self):
        browser = self.open(self.named)
        self.assertEqual(browser.run("document.querySelector('h1').textContent"), MARKUP)
        self.assertEqual(browser.run("document.querySelectorAll('.evil').length"), 0)
        self.assertIn("The replay differs.",
                      browser.run("document.querySelector('[role=alert]').textContent"))

    def test_dark_and_light_are_those_that_the_reader_prefers(self):
        browser = self.open(self.trained)
        paper = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(browser.run(paper), "rgb(255, 255, 255)")
        browser.prefer(prefers_color_scheme="dark")
        browser.wait_for(f"{paper} === 'rgb(20, 24, 29)'")
        browser.wait_for(f"{PIXELS}(0) > 20")
        browser.prefer(prefers_color_scheme="light")

    def test_a_sweep_shows_its_runs_and_what_is_missing(self):
        browser = self.open(self.sweep)
        self.assertEqual(browser.run(FIRST_COLUMN % 1),
                         ["trained", "trained", "trained", "missing"])
        self.assertIn("1 of 4 runs have no result",
                      browser.run("document.querySelector('[role=alert]').textContent"))
        for chart in range(2):
            self.assertGreater(browser.run(f"{PIXELS}({chart})"), 20)

    def test_a_heading_of_a_sweep_sorts_by_it_both_ways_with_what_is_absent_last(self):
        browser = self.open(self.sweep)
        names = browser.run("[...document.querySelectorAll('table.runs th')].map("
                            "th => th.textContent)")
        press = "document.querySelector('[data-column=loss]').click()"
        for turn in (1, -1):
            browser.run(press)
            losses = browser.run(FIRST_COLUMN % names.index("loss"))
            self.assertEqual(losses[3], "")
            values = [float(loss.replace(",", "")) for loss in losses[:3]]
            self.assertEqual(values, sorted(values, reverse=turn < 0))
            self.assertGreater(len(set(values)), 1)

    def test_a_sweep_tells_its_points_from_its_seeds_and_its_runs(self):
        browser = self.open(self.sweep)
        self.assertIn("A sweep along workers/aggregator: 2 points with 2 seeds each, 4 runs.",
                      browser.run("document.querySelector('p.quiet').textContent"))

    def test_zipped_axes_are_one_axis(self):
        browser = self.open(self.zipped)
        self.assertIn("A sweep along byzantine/declared = byzantine/actual: 3 points with 1 seed "
                      "each, 3 runs.", browser.run("document.querySelector('p.quiet').textContent"))
        self.assertEqual(browser.run("[...document.querySelectorAll('select')[1].options].map("
                                     "option => option.value)"),
                         ["byzantine/declared = byzantine/actual"])
        legend = "document.querySelector('.legend').querySelectorAll('.series').length"
        self.assertEqual(browser.run(legend), 1)

    def map_cells(self, browser):
        """Number or word, and name, of each cell of the map, row by row."""
        return browser.run("""[...document.querySelectorAll('.map tbody tr')].map(row =>
            [...row.querySelectorAll('td')].map(cell => [...cell.childNodes].map(
                node => node.textContent)))""")

    def test_the_map_of_a_sweep_names_the_worst_attack_of_each_cell(self):
        browser = self.open(self.attacked)
        heading = "document.querySelector('.worst-map h2').textContent"
        self.assertEqual(browser.run(heading), "Worst final accuracy over attack")
        average, median = self.map_cells(browser)
        # Without Byzantine workers all attacks are equal; NaN of one is in every average.
        self.assertEqual([average[0][1], median[0][1]], ["any", "any"])
        self.assertEqual(average[1], ["diverged", "nan"])
        self.assertRegex(median[1][0], r"^\d+(\.\d+)?$")

    def test_an_axis_of_the_map_can_be_turned_to_attacks(self):
        browser = self.open(self.attacked)
        browser.run("""{ const select = document.querySelectorAll('.worst-map select')[1];
          select.value = 'attack'; select.dispatchEvent(new Event('change')); }""")
        self.assertEqual(browser.run("document.querySelector('.worst-map h2').textContent"),
                         "Worst final accuracy over f")
        average, _ = self.map_cells(browser)
        self.assertEqual(average[1], ["diverged", "2"])

    def test_a_further_axis_of_the_map_can_have_one_value(self):
        browser = self.open(self.attacked)
        browser.run("""{ const select = document.querySelectorAll('.worst-map select')[3];
          select.value = 'zero'; select.dispatchEvent(new Event('change')); }""")
        self.assertEqual(browser.run("document.querySelector('.worst-map h2').textContent"),
                         "Final accuracy, attack zero")
        average, _ = self.map_cells(browser)
        self.assertRegex(average[1][0], r"^\d+(\.\d+)?$")
        self.assertEqual(average[1][1], "")

    def test_a_cell_of_the_map_names_what_ended_its_runs_early(self):
        page = self.attacked.with_name("stalled.html")
        page.write_text(self.attacked.read_text().replace(",trained,", ",stalled,"))
        average, median = self.map_cells(self.open(page))
        self.assertEqual(average[0][1], "any, stalled")
        self.assertRegex(median[1][1], "^(zero|nan), stalled$")

    def test_a_sweep_along_one_axis_has_no_map(self):
        browser = self.open(self.zipped)
        self.assertEqual(browser.run("document.querySelectorAll('.worst-map').length"), 0)

    def test_accuracy_is_percent_on_cards_curves_and_in_tables(self):
        browser = self.open(self.trained)
        card = browser.run("[...document.querySelectorAll('.facts dd')][1].textContent")
        self.assertRegex(card, r"^\d+\.\d\d %")
        labels = browser.run("[...document.querySelector('.plot').querySelectorAll("
                             "'.dygraph-axis-label-y')].map(label => label.textContent)")
        self.assertGreater(len(labels), 1)
        for label in labels:
            self.assertRegex(label, r"^\d+(\.\d+)? %$")
        self.assertIn("≥ 50 %", browser.run("document.body.textContent"))
        browser = self.open(self.sweep)
        self.assertIn("accuracy (%)", browser.run("[...document.querySelectorAll('table.runs th')]"
                                                  ".map(th => th.textContent)"))

    def test_a_timeline_can_begin_at_a_later_step(self):
        browser = self.open(self.later)
        begin, until = browser.run(f"[Number({SLIDER}.min), Number({SLIDER}.max)]")
        self.assertTrue(0 < begin < until)
        self.assertGreater(browser.run(ARROWS), 0)
        self.assertIn("40 messages that arrived from step 20 on",
                      browser.run("document.body.textContent"))

    def test_a_tick_takes_a_run_off_the_curves(self):
        browser = self.open(self.sweep)
        legend = "document.querySelectorAll('.legend')[1].querySelectorAll('.series').length"
        self.assertEqual(browser.run(legend), 2)  # the two rules, with the first seed
        browser.run("document.querySelector('table.runs input').click()")
        self.assertEqual(browser.run(legend), 1)

    def test_a_dash_of_a_legend_has_the_colour_of_its_curve(self):
        browser = self.open(self.attacked)
        browser.run("document.querySelectorAll('table.runs input:not(:checked)')"
                    ".forEach(each => each.click())")
        colours = browser.run("[...document.querySelectorAll('.legend')[1].querySelectorAll("
                              "'.series')].map(each => getComputedStyle(each.querySelector("
                              "'[class^=dygraph-legend]')).borderBottomColor)")
        self.assertGreater(len(colours), 8)
        self.assertEqual(colours[7:9], colours[:2])  # the eighth line repeats the first colour
        self.assertNotEqual(colours[0], colours[1])


if __name__ == "__main__":
    if not chromium.program():
        print("skipped: no chromium here (tools/install_packages chromium)")
        sys.exit(77)
    PROGRAM = sys.argv.pop(1)
    unittest.main()
