import ts from "typescript";
import type { Source } from "./source.ts";

/** What the rules want to know of a TypeScript file. */
export type CodeFile = Source & {
  readonly imports: readonly Import[];
  /** Names of what is exported; `default` for a default export. */
  readonly exports: readonly string[];
  /** Every `name(…)` and `new name(…)`, the callee as it is written. */
  readonly calls: readonly Call[];
  /** Names that are read without being a property or a declaration: `process`, `Date`. */
  readonly names: ReadonlySet<string>;
  /** The texts of string and template literals, substitutions as `?`. */
  readonly texts: readonly string[];
  /** Kinds of syntax that the house does without: `enum`, `namespace`, `decorator`, `export *`. */
  readonly oddities: readonly string[];
  /** The base of every class that extends one. */
  readonly bases: readonly string[];
};

export type Import = {
  /** A path of the repository for its own files, else a package's name with its path. */
  readonly target: string;
  readonly own: boolean;
  /** Imports nothing that exists at run time. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
};

export type Call = {
  readonly callee: string;
  readonly constructs: boolean;
  readonly argumentCount: number;
  /** What is set to `true` in an argument that is an object. */
  readonly flags: readonly string[];
};

export function parseCode(source: Source): CodeFile {
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ESNext, true);
  const imports: Import[] = [];
  const exports: string[] = [];
  const calls: Call[] = [];
  const names = new Set<string>();
  const texts: string[] = [];
  const oddities: string[] = [];
  const bases: string[] = [];

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)) {
      imports.push(importOf(source.path, node));
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        imports.push(...dynamicImport(source.path, node.arguments?.[0]));
      } else {
        calls.push(callOf(node, tree));
      }
    } else if (ts.isTaggedTemplateExpression(node)) {
      calls.push({ callee: node.tag.getText(tree), constructs: false, argumentCount: 1, flags: [] });
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      texts.push(node.text);
    } else if (ts.isTemplateExpression(node)) {
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("?"));
    } else if (ts.isEnumDeclaration(node)) {
      oddities.push("enum");
    } else if (ts.isModuleDeclaration(node) && !ts.isStringLiteral(node.name)) {
      oddities.push("namespace");
    } else if (ts.isDecorator(node)) {
      oddities.push("decorator");
    } else if (
      ts.isHeritageClause(node) &&
      node.token === ts.SyntaxKind.ExtendsKeyword &&
      ts.isClassLike(node.parent)
    ) {
      bases.push(...node.types.map(({ expression }) => expression.getText(tree)));
    } else if (ts.isIdentifier(node) && isFreeName(node)) {
      names.add(node.text);
    }
    if (ts.isExportDeclaration(node) && node.exportClause === undefined) {
      oddities.push("export *");
    }
    exports.push(...exportsOf(node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { ...source, imports, exports, calls, names, texts, oddities, bases };
}

/** Where an import of a file leads: relative, or by a workspace's name (`@rollcall/core/errors.ts` is core/src/errors.ts). */
export function resolveImport(from: string, specifier: string): { readonly target: string; readonly own: boolean } {
  const workspace = /^@rollcall\/([^/]+)\/(.+)$/.exec(specifier);
  if (workspace !== null) {
    const [, name, path = ""] = workspace;
    return { target: path.startsWith("test/") ? `${name}/${path}` : `${name}/src/${path}`, own: true };
  }
  if (!specifier.startsWith(".")) {
    return { target: specifier, own: false };
  }
  return { target: new URL(specifier, `file:///${from}`).pathname.slice(1), own: true };
}

function callOf(node: ts.CallExpression | ts.NewExpression, tree: ts.SourceFile): Call {
  const given = [...(node.arguments ?? [])];
  const flags = given
    .filter(ts.isObjectLiteralExpression)
    .flatMap(({ properties }) => [...properties])
    .filter(ts.isPropertyAssignment)
    .filter(({ initializer }) => initializer.kind === ts.SyntaxKind.TrueKeyword)
    .map(({ name }) => name.getText(tree));
  const callee = node.expression.getText(tree);
  return { callee, constructs: ts.isNewExpression(node), argumentCount: given.length, flags };
}

function importOf(path: string, node: ts.ImportDeclaration | ts.ExportDeclaration): Import {
  const specifier =
    node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : "";
  const clause = ts.isImportDeclaration(node) ? node.importClause : node;
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  const elements =
    bindings !== undefined && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings))
      ? [...bindings.elements]
      : [];
  const hasDefault = ts.isImportDeclaration(node) && node.importClause?.name !== undefined;
  return {
    ...resolveImport(path, specifier),
    typeOnly:
      clause !== undefined &&
      (isTypeOnly(clause) || (elements.length > 0 && !hasDefault && elements.every((element) => element.isTypeOnly))),
    names: elements.map((element) => (element.propertyName ?? element.name).text),
  };
}

function isTypeOnly(clause: ts.ImportClause | ts.ExportDeclaration | ts.ImportDeclaration): boolean {
  return ts.isImportClause(clause)
    ? clause.phaseModifier === ts.SyntaxKind.TypeKeyword
    : ts.isExportDeclaration(clause) && clause.isTypeOnly;
}

function dynamicImport(path: string, argument: ts.Node | undefined): readonly Import[] {
  return argument !== undefined && ts.isStringLiteral(argument)
    ? [{ ...resolveImport(path, argument.text), typeOnly: false, names: [] }]
    : [];
}

function exportsOf(node: ts.Node): readonly string[] {
  if (ts.isExportAssignment(node)) {
    return ["default"];
  }
  if (ts.isExportDeclaration(node)) {
    return node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
      ? node.exportClause.elements.map(({ name }) => name.text)
      : [];
  }
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
    return [];
  }
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) {
    return ["default"];
  }
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((element) => (ts.isBindingElement(element) ? [element.name.getText()] : [])),
    );
  }
  return "name" in node && node.name !== undefined && ts.isIdentifier(node.name as ts.Node)
    ? [(node.name as ts.Identifier).text]
    : [];
}

function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  const isProperty = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const isLabel =
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isBindingElement(parent)) &&
    parent.name === node;
  return !isProperty && !isLabel && !ts.isQualifiedName(parent) && !ts.isTypeReferenceNode(parent);
}
