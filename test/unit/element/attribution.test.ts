import {expect} from '@open-wc/testing';
import {render} from 'lit';
import type {LayerEntry} from '../../../src/element/layer-entry.js';
import {attributionControl, readAttribution} from '../../../src/element/shell/attribution.js';
import {en} from '../../../src/element/words/en.js';
import {layerProblems} from '../../doubles/layer-problems.js';

const link = (text: string, href: string) => ({text, href});

describe('the attribution', () => {
  it('is text with links to web pages', () => {
    expect(
      readAttribution('© <a class="x" href="https://a.example/?b&amp;c" rel=me>A &lt;b&gt;</a> and <b>B</b>'),
    ).to.eql(['© ', link('A <b>', 'https://a.example/?b&c'), ' and B']);
    for (const markup of ["<a href='https://a.example/'>A</a>", '<A HREF = https://a.example/ id=1>A</A >'])
      expect(readAttribution(markup), markup).to.eql([link('A', 'https://a.example/')]);
    expect(readAttribution('<a href="javascript:alert(1)">A</a>')).to.eql(['A']);
  });

  it('is read at once, whatever is in it', () => {
    for (const part of [
      '<a href=',
      '<a href="',
      '<a href=x>',
      '<',
      '<a ',
      '<a href=x ',
      'href=',
      '&',
      '<!--',
      '<a href=x>a</a ',
    ]) {
      const began = performance.now();
      for (const text of [part.repeat(20_000), `<a ${part.repeat(20_000)}`]) readAttribution(text);
      expect(performance.now() - began, part).to.be.below(500);
    }
  });

  it('has a length that a configuration must keep to', async () => {
    expect(await layerProblems({type: 'osm', attribution: 'a'.repeat(1000)})).to.eql([]);
    expect(await layerProblems({type: 'osm', attribution: 'a'.repeat(1001)})).to.eql([
      'attribution: must be a text of at most 1000 characters',
    ]);
  });

  it('names each source once, and follows the layers', () => {
    const entry = (attribution: string, isVisible = true): LayerEntry => ({
      id: attribution,
      title: '',
      attribution,
      isVisible,
      isLoading: false,
      depth: 0,
      isGroup: false,
      group: undefined,
      error: undefined,
    });
    const root = document.createElement('div');
    const shown = (...entries: LayerEntry[]): string => {
      render(attributionControl(en, entries), root);
      return (root.textContent ?? '').replace(/\s+/g, ' ').trim();
    };
    expect(shown(entry('A'), entry('B'), entry('A'))).to.equal('A · B');
    expect(shown(entry('A', false), entry('B'), entry('<i>C</i>'))).to.equal('B · C');
    expect(shown()).to.equal('');
  });
});
