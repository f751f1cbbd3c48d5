import {expect} from '@open-wc/testing';
import {render} from 'lit';
import {scaleControl} from '../../../src/element/shell/scale.js';
import {en} from '../../../src/element/words/en.js';
import {nl} from '../../../src/element/words/nl.js';
import {canonicalLanguage, languageOf, Vocabulary} from '../../../src/element/words/words.js';
import {pageMap} from '../../doubles/page-map.js';

const noLanguages = ['', '-', 'constructor', '__proto__', 'english (us)', 'e'];

describe('the language of a map', () => {
  it('is a tag that the browser takes', () => {
    for (const [tag, language] of [
      ['en_US', 'en-US'],
      [' NL_be ', 'nl-BE'],
      ['zh-hant-tw', 'zh-Hant-TW'],
    ] as const)
      expect(canonicalLanguage(tag)).to.equal(language);
    for (const tag of noLanguages) expect(canonicalLanguage(tag), tag).to.equal('en');
  });

  it('is that of the tag or of what is around it', () => {
    const around = document.createElement('div');
    const element = around.appendChild(document.createElement('div'));
    around.lang = 'nl_BE';
    expect(languageOf(element)).to.equal('nl-BE');
    element.lang = 'no language';
    expect(languageOf(element)).to.equal('en');
  });

  it('has words for those that are built in, and English ones for any other', async () => {
    const vocabulary = new Vocabulary();
    for (const tag of [...noLanguages, 'valueof', 'fr', 'en_US']) {
      await vocabulary.speak('nl_BE');
      expect(vocabulary.words).to.equal(nl);
      expect(vocabulary.speak(tag), tag).to.equal(undefined);
      expect(vocabulary.words, tag).to.equal(en);
    }
  });

  it('is that of the scale', async () => {
    const page = pageMap([], {zoom: 2});
    const root = document.createElement('div');
    for (const tag of [...noLanguages, 'en_US', 'nl_BE']) {
      render(scaleControl(en, page.map, tag), root);
      expect(root.textContent, tag).to.match(/\d\s?km/);
    }
    page.remove();
  });
});
