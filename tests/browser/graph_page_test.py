#!/usr/bin/python3
"""`byzsim report` of runs on a graph: graph_page_test.py PROGRAM. Exit code 77 without Chromium."""

import sys
import tempfile
import unittest

import chromium
from report_pages import RING, Pages

# What a reader sees, without the scenario as JSON.
TEXT = """[...document.querySelectorAll('body *')].filter(
  each => each.children.length === 0 && !each.closest('pre, script, style'))
  .map(each => each.textContent).join('\\n')"""
SUMMARY = "document.querySelector('p.quiet').textContent"
CIRCLES = "[...document.querySelectorAll('.graph circle.honest')]"
DIAMONDS = "document.querySelectorAll('.graph .nodes path.byzantine').length"
COLOURS = f"{CIRCLES}.map(circle => getComputedStyle(circle).fill)"
TITLES = ("[...document.querySelectorAll('.graph .honest title, .graph .byzantine title')]"
          ".map(title => title.textContent)")
SLIDER = "document.querySelector('[aria-label=\"Step of the graph\"]')"
DISTANCES = "data.distances.at(-1).slice(1)"
STILL = "document.querySelector('[aria-busy=true]') === null"


class GraphPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="byzsim-graph-")
        pages = Pages(PROGRAM, cls.folder.name)
        blank = {"base": RING, "numbers": "none", "dimension": 10}
        cls.ring = pages.of_run("ring", base=RING)
        cls.blank = pages.of_run("blank", **blank)
        cls.large = pages.of_run("large", **blank, steps=1, nodes={**RING["nodes"], "count": 1001})
        cls.branches = pages.of_branches("branches", RING, ("/adversary/nodes=zero",
                                                            "/nodes/aggregator=trimmed_mean"))
        cls.browser = chromium.Page()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.folder.cleanup()

    def open(self, page):
        self.browser.complaints.clear()
        self.browser.open(page)
        self.browser.wait_for(STILL)
        return self.browser

    def test_pages_load_without_a_complaint_and_name_nodes_alone(self):
        for page in (self.ring, self.blank, self.large, self.branches):
            browser = self.open(page)
            self.assertEqual(browser.complaints, [])
            text = browser.run(TEXT)
            self.assertIn("node", text)
            self.assertNotRegex(text, r"(?i)\b(server|worker)")

    def test_the_summary_names_nodes_topology_weights_and_attack(self):
        summary = self.open(self.ring).run(SUMMARY)
        for part in ("gossip", "6 nodes (f = 1, 1 Byzantine, median)", "topology: ring",
                     "weights: metropolis", "attack: sign_flipping"):
            self.assertIn(part, summary)

    def test_disagreement_and_the_accuracy_of_the_mean_are_curves(self):
        browser = self.open(self.ring)
        legends = browser.run("[...document.querySelectorAll('.legend')].map("
                              "legend => legend.textContent)")
        self.assertEqual(len(legends), 5)
        self.assertIn("accuracy_of_mean", legends[0])
        self.assertIn("drift", legends[2])
        self.assertIn("disagreement", legends[2])
        self.assertIn("node 4", legends[3])

    def test_every_node_and_every_edge_is_drawn(self):
        browser = self.open(self.ring)
        self.assertEqual(browser.run(f"{CIRCLES}.length"), 5)
        self.assertEqual(browser.run(DIAMONDS), 1)
        lines = browser.run("[...document.querySelectorAll('.graph .edges path')].map("
                            "path => path.getAttribute('d')).join('')")
        self.assertEqual(lines.count("M"), 6)  # a ring of six

    def test_a_tooltip_has_the_distance_and_the_neighbours_of_a_node(self):
        browser = self.open(self.ring)
        titles = browser.run(TITLES)
        distance = browser.run(f"short({DISTANCES}[0])")
        # On a ring of six, node 0 is between nodes 1 and 5, and node 5 is Byzantine.
        self.assertEqual(titles[0], f"node 0: distance {distance}, 2 neighbours, 1 of them "
                                    "Byzantine (5)")
        self.assertEqual(titles[5], "Byzantine node 5, 2 neighbours, 0 of them Byzantine")

    def test_the_farthest_node_has_the_end_of_the_scale_at_its_step(self):
        browser = self.open(self.ring)
        browser.run("[...document.querySelectorAll('label')].find(label => label.textContent."
                    "includes('this step alone')).querySelector('input').click()")
        farthest = browser.run(f"{DISTANCES}.indexOf(Math.max(...{DISTANCES}))")
        self.assertEqual(browser.run(COLOURS)[farthest], "rgb(68, 1, 84)")  # scale-5 in the light

    def test_the_slider_moves_the_colours(self):
        browser = self.open(self.ring)
        last = browser.run(COLOURS)
        self.assertGreater(len(set(last)), 1)
        browser.run(f"{{ {SLIDER}.value = 0; {SLIDER}.dispatchEvent(new Event('input')); }}")
        # All nodes begin with the same model: no distance, the beginning of the scale.
        self.assertEqual(set(browser.run(COLOURS)), {"rgb(253, 231, 37)"})
        self.assertEqual(browser.run(f"{SLIDER}.getAttribute('aria-valuetext')"), "step 0")

    def test_arrow_keys_move_the_slider(self):
        browser = self.open(self.ring)
        last = browser.run(COLOURS)
        browser.run(f"{SLIDER}.focus()")
        browser.press("ArrowLeft")
        self.assertEqual(browser.run(f"{SLIDER}.getAttribute('aria-valuetext')"), "step 29")
        self.assertNotEqual(browser.run(COLOURS), last)

    def test_in_the_dark_the_scale_is_the_other_way_round(self):
        browser = self.open(self.ring)
        browser.run(f"{{ {SLIDER}.value = 0; {SLIDER}.dispatchEvent(new Event('input')); }}")
        browser.prefer(prefers_color_scheme="dark")
        browser.wait_for(f"{COLOURS}[0] === 'rgb(68, 1, 84)'")
        browser.prefer(prefers_color_scheme="light")

    def test_a_run_without_numbers_has_its_graph_and_the_reason_for_no_colours(self):
        browser = self.open(self.blank)
        self.assertEqual(browser.run(f"{CIRCLES}.length"), 5)
        self.assertTrue(browser.run(f"{SLIDER} === null"))
        self.assertIn('"numbers": "none"',
                      browser.run("document.querySelector('.graph').parentNode.textContent"))

    def test_a_large_graph_is_a_sentence(self):
        browser = self.open(self.large)
        self.assertEqual(browser.run("document.querySelectorAll('.graph').length"), 0)
        self.assertIn("The graph has 1,001 nodes, 1 of them Byzantine, and 1,001 edges. Graphs of "
                      "up to 1,000 nodes are drawn.", browser.run(TEXT))

    def test_branches_of_a_run_on_a_graph_have_its_curves(self):
        browser = self.open(self.branches)
        titles = browser.run("[...document.querySelectorAll('.panel h3')].map("
                             "title => title.textContent)")
        self.assertIn("Drift between honest nodes", titles)
        self.assertIn("Disagreement of honest nodes", titles)


if __name__ == "__main__":
    if not chromium.program():
        print("skipped: no chromium here (tools/install_packages chromium)")
        sys.exit(77)
    PROGRAM = sys.argv.pop(1)
    unittest.main()
