// Shows the OpenAPI description of this server: operations by path, their parameters, and a try for what only reads.

const main = document.getElementById('operations');
const element = (tag, text, name) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, name ? { className: name } : {});

const answer = await fetch('/api/v1/openapi.json');
if (!answer.ok) {
  location.href = `/login?next=${encodeURIComponent('/api-docs.html')}`;
}
const description = await answer.json();

function typeOf(schema) {
  if (!schema) return '';
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.type === 'array') return `[${typeOf(schema.items)}]`;
  return [schema.type].flat().filter(Boolean).join(' | ');
}

function show(path, method, operation) {
  const box = element('details');
  const head = element('summary');
  head.append(element('span', method.toUpperCase(), `method ${method}`), element('code', path), element('span', operation.description ?? ''));
  const body = element('div', undefined, 'body');
  const inputs = new Map();
  if (operation.parameters?.length) {
    const table = element('table');
    for (const p of operation.parameters) {
      const row = element('tr');
      const input = Object.assign(element('input'), { placeholder: p.required ? 'needed' : '' });
      input.setAttribute('aria-label', p.name);
      inputs.set(p, input);
      const cell = element('td');
      cell.append(input);
      row.append(element('td', p.name), element('td', `${p.in} ${typeOf(p.schema)}`), element('td', p.description ?? ''), cell);
      table.append(row);
    }
    body.append(table);
  }
  const content = operation.requestBody?.content;
  for (const type of Object.keys(content ?? {})) body.append(element('p', `Body: ${type}, ${typeOf(content[type].schema)}`));
  if (method === 'get') {
    const button = element('button', 'Try');
    const output = element('pre');
    output.hidden = true;
    button.addEventListener('click', async () => {
      let address = path;
      const query = new URLSearchParams();
      for (const [p, input] of inputs) {
        if (p.in === 'path') address = address.replace(`{${p.name}}`, encodeURIComponent(input.value));
        else if (p.in === 'query' && input.value) query.set(p.name, input.value);
      }
      const got = await fetch(query.size ? `${address}?${query}` : address);
      const text = await got.text();
      let pretty = text;
      try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it came */ }
      output.textContent = `${got.status} ${got.headers.get('content-type') ?? ''}\n${pretty.slice(0, 20000)}`;
      output.hidden = false;
    });
    body.append(button, output);
  }
  box.append(head, body);
  return box;
}

const boxes = Object.entries(description.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => show(path, method, operation)));
main.replaceChildren(...boxes);
document.getElementById('find').addEventListener('input', e => {
  for (const box of boxes) box.hidden = !box.textContent.toLowerCase().includes(e.target.value.toLowerCase());
});
