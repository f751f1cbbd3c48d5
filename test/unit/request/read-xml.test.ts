import {expect} from '@open-wc/testing';
import {readXml} from '../../../src/request/read-xml.js';
import {RequestError} from '../../../src/request/request-error.js';

const url = 'https://maps.example/ows?token=secret';
const read = (body: BodyInit, contentType = 'text/xml'): Promise<Document> =>
  readXml(new Response(body, {headers: {'content-type': contentType}}), url);
const failure = async (body: BodyInit, contentType?: string): Promise<RequestError> => {
  try {
    await read(body, contentType);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('it was read');
};
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('readXml', () => {
  it('makes a document with namespaces, attributes, text and CDATA', async () => {
    const {documentElement: root} = await read(
      '\n<?xml version="1.0"?><!-- a --><a:root xmlns:a="urn:a" xmlns="urn:b" xmlns:x="urn:x" x:href="1" n="2">'
        + '<child>one &amp; <![CDATA[<two>]]></child></a:root>',
    );
    expect([root.namespaceURI, root.localName, root.prefix]).to.eql(['urn:a', 'root', 'a']);
    expect([root.getAttributeNS('urn:x', 'href'), root.getAttribute('n')]).to.eql(['1', '2']);
    expect(root.firstElementChild?.namespaceURI).to.equal('urn:b');
    expect(root.firstElementChild?.textContent).to.equal('one & <two>');
  });

  it('takes a document type with declarations, but no entities of it', async () => {
    const dtd = '<!DOCTYPE a SYSTEM "http://schemas.example/a.dtd" [ <!ELEMENT b EMPTY> <!ENTITY e "eeee"> ]>';
    expect((await read(`${dtd}<a>1</a>`)).documentElement.textContent).to.equal('1');
    expect(await failure(`${dtd}<a>&e;</a>`)).to.include({kind: 'format'});
  });

  it('reads the encoding from the mark, the label and the declaration, in this order', async () => {
    const declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00e9</a>';
    expect((await read(latin1(declared))).documentElement.textContent).to.equal('\u00e9');
    expect((await read(declared, 'text/xml; charset=UTF-8')).documentElement.textContent).to.equal('\u00e9');
    expect((await read(latin1('<a>\u00e9</a>'), 'text/xml;charset="iso-8859-1"')).documentElement.textContent).to.equal(
      '\u00e9',
    );
    const wide = new Uint8Array([0xff, 0xfe, ...Array.from(latin1('<a>x</a>'), (byte) => [byte, 0]).flat()]);
    expect((await read(wide, 'text/xml; charset=utf-8')).documentElement.textContent).to.equal('x');
    expect((await failure('<?xml version="1.0" encoding="klingon"?><a/>')).message).to.include('encoding');
  });

  it('builds nothing that is active', async () => {
    const {documentElement: root} = await read(
      '<a onclick="x" onlineResource="y"><h:img xmlns:h="http://www.w3.org/1999/xhtml" onerror="x" src="/x"/>'
        + '<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg></a>',
    );
    expect(root.getAttributeNames()).to.eql(['onlineResource']);
    for (const each of root.querySelectorAll('*')) {
      expect(each.namespaceURI).to.equal(null);
      expect(each.getAttribute('onerror')).to.equal(null);
    }
    expect(root.querySelectorAll('*')).to.have.length(3);
  });

  it('gives the words of the service in its exception', async () => {
    for (const report of [
      '<?xml version="1.0"?><!DOCTYPE ServiceExceptionReport SYSTEM "x.dtd"><ServiceExceptionReport><ServiceException code="a">No layer</ServiceException></ServiceExceptionReport>',
      '<o:ExceptionReport xmlns:o="urn:o"><o:Exception><o:ExceptionText>No layer</o:ExceptionText></o:Exception></o:ExceptionReport>',
      '<ows:ExceptionReport><ows:Exception><ows:ExceptionText>No layer</ows:ExceptionText>',
      '{"exceptions": [{"text": "No layer"}]}',
    ])
      expect(await failure(report), report).to.include({kind: 'ogc', message: 'The service answered: No layer'});
  });

  it('does not take a document that speaks of exceptions for one', async () => {
    const {documentElement: root} = await read('<a><!-- <ServiceExceptionReport> --><Exception>x</Exception></a>');
    expect(root.textContent).to.equal('x');
  });

  it('tells HTML, broken or truncated XML, JSON and nothing apart', async () => {
    for (const page of ['<!doctype html><p>Sign in', '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'])
      expect(await failure(page)).to.include({
        kind: 'format',
        message: 'The answer is a web page (HTML) where XML was asked for',
      });
    for (const body of ['<a><b>secret</b>', '<a secret></a>', '{"a": "secret"}', '<x:a/>', '<a/><b/>', 'text'])
      expect(await failure(body), body).to.include({
        kind: 'format',
        message: 'The answer is not valid XML, or it is cut short',
      });
    expect(await failure(' ')).to.include({kind: 'format', message: 'The answer is empty'});
    expect((await failure('<a')).url).not.to.include('secret');
  });

  it('stops at what is too large, too deep or too much', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(5_000_000)),
      cancel: () => void (cancelled = true),
    });
    for (const body of [endless, `${'<a>'.repeat(300)}${'</a>'.repeat(300)}`, `<a>${'<b/>'.repeat(1_000_001)}</a>`])
      expect(await failure(body)).to.include({kind: 'format', reason: 'too-large'});
    expect(cancelled).to.equal(true);
  });
});
