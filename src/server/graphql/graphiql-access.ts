/**
 * The part of the GraphiQL page that asks for a token where one is required. The token is kept in memory and added to
 * the requests to this server; reloading the page forgets it.
 */
export const ACCESS_FORM = `
      <form id="access" hidden style="max-width: 30em; margin: 15vh auto; padding: 0 1em; font: 16px/1.5 system-ui">
        <h1 style="font-size: 1.3em">wgql</h1>
        <label>Token · 令牌<br>
          <input name="token" type="password" autocomplete="off" required style="width: 100%; font: inherit; padding: .4em"></label>
        <p id="refusal" role="alert" style="min-height: 1.5em; color: #b00020"></p>
        <button style="font: inherit; padding: .4em 1em">Open GraphiQL · 打开 GraphiQL</button>
      </form>`;

/** Runs before GraphiQL, which may keep the `fetch` that it finds. */
export const ACCESS_SCRIPT = `
const send = window.fetch.bind(window);
let token = '';
window.fetch = (input, init = {}) => {
  const request = new Request(input, init);
  const isOwn = new URL(request.url).origin === location.origin;
  if (token && isOwn && !request.headers.has('authorization')) {
    request.headers.set('authorization', 'Bearer ' + token);
  }
  return send(request);
};
addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('#access');
  const begin = async () => {
    const answer = await fetch(location.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    if (answer.ok) {
      form.remove();
      window.startGraphiQL();
      return;
    }
    form.hidden = false;
    if (token) form.querySelector('#refusal').textContent = (await answer.json()).errors[0].message;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    token = form.elements.token.value.trim();
    begin();
  });
  begin();
});
`;
