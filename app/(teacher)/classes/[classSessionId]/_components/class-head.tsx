import type { ReactNode } from "react";
import { ArrowLeft, Icon } from "@/components/ui/icon";
import { TextLink } from "@/components/ui/text-link";

/**
 * Head of the class: the way back, the class, when and where. Where there is little room it is one line beside the way
 * back, and stays in sight above the list.
 */
export function ClassHead({
  back,
  title,
  meta,
  description,
}: {
  back: string;
  title: string;
  /** The state of the class, when it is not simply open. */
  meta?: ReactNode | undefined;
  description: string;
}) {
  return (
    <div
      data-sticky-head
      className="mb-6 grid gap-1 bg-bg max-md:-mx-4 max-md:-mt-5 max-md:px-2 compact:mb-1 compact:grid-cols-[auto_minmax(0,1fr)_auto] compact:items-center compact:gap-x-1 compact:gap-y-0 tall:max-md:sticky tall:max-md:top-0 tall:max-md:z-5 tall:max-md:mb-0 tall:max-md:h-11"
    >
      <p className="text-sm text-muted compact:row-span-2">
        <TextLink
          href="/today"
          quiet
          className="inline-flex min-h-8 items-center gap-1 compact:size-11 compact:justify-center pointer-coarse:min-h-11"
        >
          <Icon icon={ArrowLeft} size="sm" className="rtl:-scale-x-100" />
          <span className="compact:sr-only">{back}</span>
        </TextLink>
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 compact:contents">
        <h1 className="text-2xl lg:text-3xl compact:text-base! compact:leading-5! tall:max-md:truncate">{title}</h1>
        <div className="empty:hidden compact:col-start-3 compact:row-span-2 compact:row-start-1">{meta}</div>
      </div>
      <p className="max-w-reading text-muted compact:col-start-2 compact:text-xs compact:leading-4 tall:max-md:truncate">
        {description}
      </p>
    </div>
  );
}
