import { ConfirmDialog } from "@/components/patterns/confirm-dialog";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogTrigger } from "@/components/ui/dialog-trigger";
import { Disclosure } from "@/components/ui/disclosure";
import { Ellipsis, Icon, Pencil, Plus, Trash2 } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { LinkButton } from "@/components/ui/link-button";
import { menuItemClass, Popover } from "@/components/ui/popover";
import { Spinner } from "@/components/ui/spinner";
import { TextLink } from "@/components/ui/text-link";
import { EchoButton } from "./echo-button";
import { Specimen } from "./specimen";

async function nothing() {
  "use server";
  await Promise.resolve();
}

const looks = ["primary", "secondary", "quiet", "danger"] as const;

/** Buttons, links, dialogs, menus. */
export function KitActions() {
  return (
    <>
      <Specimen title="Buttons">
        <div className="grid gap-4">
          {(["sm", "md", "lg"] as const).map((size) => (
            <div key={size} className="flex flex-wrap items-center gap-3">
              {looks.map((variant) => (
                <Button key={variant} variant={variant} size={size}>
                  {variant === "danger" ? "Drop MA101.3" : "Join waitlist – 5th"}
                </Button>
              ))}
            </div>
          ))}
          <div className="flex flex-wrap items-center gap-3">
            <Button variant="primary" pending>
              Saving
            </Button>
            <Button disabled>Not possible now</Button>
            <Button variant="primary">
              <Icon icon={Plus} size="sm" />
              Add to plan
            </Button>
            <Button iconOnly aria-label="Edit">
              <Icon icon={Pencil} size="sm" />
            </Button>
            <LinkButton href="/kit">Go to my week</LinkButton>
            <EchoButton />
          </div>
        </div>
      </Specimen>
      <Specimen title="Links and small things">
        <p className="max-w-reading">
          Petr was absent from Physics on Tuesday 18 November at 11:00. You can{" "}
          <TextLink href="/kit">explain this absence</TextLink>, or look at{" "}
          <TextLink href="/kit" quiet>
            this term
          </TextLink>
          . Press <Kbd>P</Kbd> <Kbd>A</Kbd> <Kbd>L</Kbd> <Kbd>E</Kbd> in the grid.
        </p>
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <Avatar name="Anna Nováková" size="sm" />
          <Avatar name="Jiří Dvořák" />
          <Avatar name="Ø" size="lg" />
          <Badge>12</Badge>
          <Badge tone="ink">99+</Badge>
          <Badge tone="accent">New</Badge>
          <Spinner label="Loading" />
        </div>
      </Specimen>
      <Specimen title="Dialogs and menus">
        <div className="flex flex-wrap gap-3">
          <DialogTrigger dialogId="kit-confirm" variant="danger">
            Drop MA101.3
          </DialogTrigger>
          <ConfirmDialog id="kit-confirm" title="Drop MA101.3?" confirmLabel="Drop the section" action={nothing}>
            <p>6 students are waiting; you may not get the seat back.</p>
          </ConfirmDialog>
          <DialogTrigger dialogId="kit-side">Open a panel</DialogTrigger>
          <Dialog id="kit-side" title="Calculus 1" closeLabel="Close" side>
            <p className="text-muted">Monday and Wednesday, 10:00–11:30, B204.</p>
          </Dialog>
          <Popover
            id="kit-menu"
            iconOnly
            triggerLabel="More for Calculus 1"
            trigger={<Icon icon={Ellipsis} size="sm" />}
          >
            <button type="button" className={menuItemClass}>
              <Icon icon={Pencil} size="sm" className="text-muted" />
              Edit
            </button>
            <button type="button" className={`${menuItemClass} text-absent-fg`}>
              <Icon icon={Trash2} size="sm" />
              Remove
            </button>
          </Popover>
        </div>
        <Disclosure summary="Why can I not take this section?" className="mt-4">
          <p className="text-muted">It overlaps PH110.2 on Wednesday at 10:00.</p>
        </Disclosure>
      </Specimen>
    </>
  );
}
