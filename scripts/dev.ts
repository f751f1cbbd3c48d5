import {build} from 'vite';

// The demo, with the bundle made anew whenever a source changes; then reload the page. It is the page that visitors
// get, policy and all, and not one made for developing.

const watching = await build({logLevel: 'warn', build: {watch: {}, emptyOutDir: false}});
if (!('on' in watching)) throw new Error('Vite does not watch.');

await new Promise<void>((resolve) => {
  watching.on('event', (event) => {
    if (event.code === 'ERROR') console.error(event.error.message);
    if (event.code === 'BUNDLE_END') console.log(`Built at ${new Date().toLocaleTimeString()}.`);
    if (event.code === 'END') resolve();
  });
});

await import('../demo/servers/start.js');
