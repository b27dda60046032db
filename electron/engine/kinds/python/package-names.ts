/** Modules that are not called like the package that brings them. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['PIL', 'pillow'],
  ['bs4', 'beautifulsoup4'],
  ['cv2', 'opencv-python'],
  ['dateutil', 'python-dateutil'],
  ['dotenv', 'python-dotenv'],
  ['fitz', 'pymupdf'],
  ['git', 'gitpython'],
  ['google', 'google-api-python-client'],
  ['jwt', 'pyjwt'],
  ['MySQLdb', 'mysqlclient'],
  ['psycopg2', 'psycopg2-binary'],
  ['serial', 'pyserial'],
  ['skimage', 'scikit-image'],
  ['sklearn', 'scikit-learn'],
  ['yaml', 'pyyaml'],
])

/** The package to install for a module of this name. */
export function packageOf(module: string): string {
  return PACKAGES.get(module) ?? module.replaceAll('_', '-')
}
