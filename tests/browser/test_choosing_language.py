"""A title in a language of a people: written in the form, found by its words, read with its name."""

from __future__ import annotations


def test_an_editor_adds_a_language_and_a_visitor_finds_and_reads_it(open_page):
    # Without scripts, which nobody needs for it.
    page = open_page("/dataset/edit/rentoca-agregados", login=True, scripts=False)
    page.click("#campo-title_translated summary")
    page.select_option("[name='title_translated-new_lang']", label="Murui-Muinanɨ")
    page.fill("[name='title_translated-new_text']", "U\u0301rukɨ q\u02bcero")
    page.click("#campo-title_translated summary")
    page.click("button[value=go-metadata-preview], button[name=save]")
    page.wait_for_url("**/dataset/rentoca-agregados")
    page = open_page("/dataset/?q=uruki+q'ero", width=390)
    page.click(".dataset-heading a[href$='/dataset/rentoca-agregados']")
    page.click(".culturape-languages summary")
    text = page.get_by_text("Úrukɨ qʼero")
    text.wait_for()
    assert text.evaluate("one => one.closest('[lang]').lang") == "mis-x-murui-muinani"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
