/** Reads src/native/binding.ts as text: the names that the addon has to know. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PATH = fileURLToPath(new URL('../../src/native/binding.ts', import.meta.url));
const SOURCE = ts.createSourceFile(PATH, readFileSync(PATH, 'utf8'), ts.ScriptTarget.Latest);

/** Names of the members of an interface, sorted. */
export function interfaceMembers(name: string): { methods: string[]; properties: string[] } {
  const declaration = SOURCE.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (declaration === undefined) throw new Error(`binding.ts has no interface ${name}`);
  const named = (filter: (member: ts.TypeElement) => boolean) =>
    declaration.members
      .filter(filter)
      .map((member) => member.name?.getText(SOURCE) ?? '')
      .sort();
  return { methods: named(ts.isMethodSignature), properties: named(ts.isPropertySignature) };
}

/** The strings of a union of string literals. */
export function unionMembers(name: string): string[] {
  const declaration = SOURCE.statements.find(
    (statement): statement is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === name,
  );
  if (declaration === undefined) throw new Error(`binding.ts has no type ${name}`);
  if (!ts.isUnionTypeNode(declaration.type)) throw new Error(`${name} is no union`);
  return declaration.type.types.map((type) => {
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text;
    throw new Error(`${name} has a member that is no string`);
  });
}
