import clsx from "clsx";

export interface GlyphProps {
  /** Its size, and what the text around it needs. */
  className?: string | undefined;
  role?: "img" | undefined;
  "aria-label"?: string | undefined;
  "aria-hidden"?: "true" | undefined;
}
export type IconGlyph = (props: GlyphProps) => React.ReactElement;
/** A glyph that comes with thicker lines too, for small signs that tell a status. */
export type StatusGlyph = (props: GlyphProps & { bold?: boolean | undefined }) => React.ReactElement;

/**
 * One element whose shape is a mask in the stylesheet: its lines are sent once, and not with each row of a list.
 * `scripts/lib/glyphs.mjs` reads this list for the names of the icons, which are those of lucide-react.
 */
function glyph(name: string): IconGlyph {
  return function Glyph({ className, ...rest }) {
    return <i {...rest} className={clsx("glyph", `g-${name}`, className)} />;
  };
}

function statusGlyph(name: string): StatusGlyph {
  return function Glyph({ className, bold = false, ...rest }) {
    return <i {...rest} className={clsx("glyph", bold ? `gb-${name}` : `g-${name}`, className)} />;
  };
}

export const ArrowLeft = /* @__PURE__ */ glyph("arrow-left");
export const ArrowRight = /* @__PURE__ */ glyph("arrow-right");
export const Ban = /* @__PURE__ */ statusGlyph("ban");
export const Bell = /* @__PURE__ */ glyph("bell");
export const BellOff = /* @__PURE__ */ glyph("bell-off");
export const BellRing = /* @__PURE__ */ glyph("bell-ring");
export const CalendarCheck = /* @__PURE__ */ glyph("calendar-check");
export const CalendarClock = /* @__PURE__ */ glyph("calendar-clock");
export const CalendarDays = /* @__PURE__ */ glyph("calendar-days");
export const CalendarOff = /* @__PURE__ */ glyph("calendar-off");
export const Check = /* @__PURE__ */ statusGlyph("check");
export const CheckCheck = /* @__PURE__ */ glyph("check-check");
export const ChevronDown = /* @__PURE__ */ glyph("chevron-down");
export const ChevronLeft = /* @__PURE__ */ glyph("chevron-left");
export const ChevronRight = /* @__PURE__ */ glyph("chevron-right");
export const ChevronsUpDown = /* @__PURE__ */ glyph("chevrons-up-down");
export const Circle = /* @__PURE__ */ statusGlyph("circle");
export const CircleAlert = /* @__PURE__ */ glyph("circle-exclamation-point");
export const CircleCheck = /* @__PURE__ */ statusGlyph("circle-check");
export const CircleDashed = /* @__PURE__ */ statusGlyph("circle-dashed");
export const ClipboardCheck = /* @__PURE__ */ glyph("clipboard-check");
export const Clock = /* @__PURE__ */ statusGlyph("clock");
export const CloudAlert = /* @__PURE__ */ glyph("cloud-exclamation-point");
export const CloudCheck = /* @__PURE__ */ glyph("cloud-check");
export const CloudOff = /* @__PURE__ */ glyph("cloud-off");
export const DoorClosed = /* @__PURE__ */ glyph("door-closed");
export const Ellipsis = /* @__PURE__ */ glyph("ellipsis");
export const FileCheck = /* @__PURE__ */ statusGlyph("file-check");
export const Hourglass = /* @__PURE__ */ statusGlyph("hourglass");
export const House = /* @__PURE__ */ glyph("house");
export const Inbox = /* @__PURE__ */ glyph("inbox");
export const Info = /* @__PURE__ */ glyph("info");
export const Keyboard = /* @__PURE__ */ glyph("keyboard");
export const LayoutDashboard = /* @__PURE__ */ glyph("layout-dashboard");
export const ListFilter = /* @__PURE__ */ glyph("list-filter");
export const Lock = /* @__PURE__ */ statusGlyph("lock");
export const LogOut = /* @__PURE__ */ glyph("log-out");
export const Mail = /* @__PURE__ */ glyph("mail");
export const Minus = /* @__PURE__ */ statusGlyph("minus");
export const Monitor = /* @__PURE__ */ glyph("monitor");
export const MonitorSmartphone = /* @__PURE__ */ glyph("monitor-smartphone");
export const Moon = /* @__PURE__ */ glyph("moon");
export const NotebookPen = /* @__PURE__ */ glyph("notebook-pen");
export const Pencil = /* @__PURE__ */ glyph("pencil");
export const PencilLine = /* @__PURE__ */ statusGlyph("pencil-line");
export const Plus = /* @__PURE__ */ glyph("plus");
export const RadioTower = /* @__PURE__ */ statusGlyph("radio-tower");
export const Redo2 = /* @__PURE__ */ glyph("redo-2");
export const Save = /* @__PURE__ */ glyph("save");
export const Search = /* @__PURE__ */ glyph("search");
export const SearchX = /* @__PURE__ */ glyph("search-x");
export const Settings = /* @__PURE__ */ glyph("settings");
export const SlidersHorizontal = /* @__PURE__ */ glyph("sliders-horizontal");
export const Smartphone = /* @__PURE__ */ glyph("smartphone");
export const Sparkle = /* @__PURE__ */ statusGlyph("sparkle");
export const Sun = /* @__PURE__ */ glyph("sun");
export const Trash2 = /* @__PURE__ */ glyph("trash");
export const TriangleAlert = /* @__PURE__ */ glyph("triangle-exclamation-point");
export const Undo2 = /* @__PURE__ */ glyph("undo-2");
export const UserX = /* @__PURE__ */ glyph("user-x");
export const Upload = /* @__PURE__ */ glyph("upload");
export const Users = /* @__PURE__ */ glyph("users");
export const X = /* @__PURE__ */ statusGlyph("x");

const sizes = { sm: "size-4", md: "size-5", lg: "size-6" } as const;

export interface IconProps {
  icon: IconGlyph;
  size?: keyof typeof sizes | undefined;
  /** Give it only when the icon stands without a word; else it is decoration and hidden from screen readers. */
  label?: string | undefined;
  className?: string | undefined;
}

/** One icon of the set, in the colour of the text around it. */
export function Icon({ icon: Glyph, size = "md", label, className }: IconProps) {
  const classes = clsx(sizes[size], "shrink-0", className);
  return label === undefined ? (
    <Glyph className={classes} aria-hidden="true" />
  ) : (
    <Glyph className={classes} role="img" aria-label={label} />
  );
}
