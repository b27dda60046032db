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

/** Packages of their own fill these: `google.cloud.storage` comes with google-cloud-storage. */
const NAMESPACES = /^(?:google\.cloud|azure|ruamel|jaraco|zope)\.\w+/

/** The package to install for a module that was not found; null for a part that its installed package does not have. */
export function packageOf(module: string): string | null {
  const namespaced = NAMESPACES.exec(module)?.[0]
  if (namespaced !== undefined) return namespaced.replaceAll(/[._]/g, '-')
  if (module.includes('.')) return null
  return PACKAGES.get(module) ?? module.replaceAll('_', '-')
}
