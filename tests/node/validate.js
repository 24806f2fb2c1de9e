// Checks a document (standard input) against a JSON schema (a file), and prints what is wrong with it as JSON.
const fs = require('node:fs');
const Ajv = require('ajv-draft-04');

const schema = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false });
const validate = ajv.compile(schema);
validate(JSON.parse(fs.readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify((validate.errors || []).map((it) => `${it.instancePath} ${it.message}`)));
