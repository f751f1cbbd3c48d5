import type {Locator, Page} from '@playwright/test';
import type {Site} from '../../e2e/support/site.js';
import {tagOf} from '../../e2e/support/tag.js';
import {CLIENT} from '../hostile-provider.js';
import type {HostileProvider} from '../hostile-provider.js';

export type Tag = HTMLElementTagNameMap['secure-map'];

/** A page of the site with one map that has these attributes; resolves when the map is there. */
export const openMap = async (page: Page, site: Site, attributes: string): Promise<Locator> => {
  await page.goto(await site.page(`<secure-map ${attributes}></secure-map>`));
  const tag = tagOf(page);
  await tag.evaluate(async (element: Tag) => void (await element.ready));
  return tag;
};

/** The attributes of a map that is signed in to at this provider. Its token may go to `origin` and nowhere else. */
export const signedInAt = ({issuer}: HostileProvider, origin: string, more = ''): string =>
  `authority="${issuer}" client-id="${CLIENT}" allowed-origins="${origin}" ${more}`;

/** How a call ended: `signed in`, or the code of the error and its finer reason. */
export const outcomeOf = (tag: Locator, what: 'login' | 'refresh' = 'login'): Promise<string> =>
  tag.evaluate(
    (element: Tag, method) =>
      element[method]().then(
        () => 'done',
        (error: unknown) => {
          const {code, reason} = Object(error);
          return [code, reason].filter((word) => typeof word === 'string').join(' ');
        },
      ),
    what,
  );

interface PlainInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the tag's own `fetch` gets: a status, or why there is none. */
export const fetchBy = (tag: Locator, url: string, init: PlainInit = {}): Promise<string> =>
  tag.evaluate(
    (element: Tag, [address, options]) =>
      element.fetch(address, {...options}).then(
        ({status}) => String(status),
        (error: unknown) => {
          const {name, code, kind} = Object(error);
          return typeof code === 'string' ? [code, kind].filter(Boolean).join(' ') : String(name);
        },
      ),
    [url, init] as const,
  );

/** What a page is told about a mistake in its markup. */
export const mistakeIn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window.recordedEvents
      .filter(({type}) => type === 'secure-map-error')
      .map(
        ({error}) => `${String(Reflect.get(Object(error), 'code'))} ${String(Reflect.get(Object(error), 'message'))}`,
      ),
  );
