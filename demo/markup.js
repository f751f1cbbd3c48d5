// @ts-check

/** What an integrator pastes: the tag as this page has it, and the script.
 * @param {HTMLElement} map
 */
export function showMarkup(map) {
  const attributes = [...map.attributes]
    .filter(({name}) => name !== 'id')
    .map(({name, value}) => (value.includes('"') ? `\n  ${name}='${value}'` : `\n  ${name}="${value}"`))
    .join('');
  const code = document.querySelector('#markup');
  if (code !== null) {
    code.textContent = `<script type="module" src="/secure-map.js"></script>\n\n<secure-map${attributes}\n></secure-map>`;
  }
  for (const listing of document.querySelectorAll('code[data-source]')) void showSource(listing);
}

/** @param {Element} listing */
async function showSource(listing) {
  const response = await fetch(listing.getAttribute('data-source') ?? '');
  listing.textContent = await response.text();
}
