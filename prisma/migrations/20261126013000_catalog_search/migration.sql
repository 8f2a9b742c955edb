-- Search without case, accents and special letters: what is searched is stored beside the text, folded by the same rules
-- as lib/shared/fold.ts (a test holds both equal). The database does it by triggers, so that whoever writes a name or a
-- title writes this as well. Capitals are named here and not left to lower(): that depends on the server's locale.
CREATE FUNCTION "campus_fold"(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  WITH seen AS MATERIALIZED (
    SELECT normalize(regexp_replace(value,
      '[''’‘‛`´ʹʻʼʽ′＇\u00AD\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0640\u064B-\u065F\u0670\u200B-\u200F\u202A-\u202E\u2060\uFEFF]', '', 'g'), NFKD) AS text
  ), bare AS MATERIALIZED (
    SELECT lower(regexp_replace(regexp_replace(text,
      '[''’‘‛`´ʹʻʼʽ′＇\u00AD\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0640\u064B-\u065F\u0670\u200B-\u200F\u202A-\u202E\u2060\uFEFF]', '', 'g'),
      '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF]', '', 'g') COLLATE "C") AS text
    FROM seen
  ), lowered AS MATERIALIZED (
    SELECT CASE WHEN octet_length(text) = length(text) THEN text ELSE translate(text,
      'ÆÐØÞĐĦŁŊŒŦƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƢƤƦƧƩƬƮƱƲƳƵƷƸƼǤǶǷȜȠȢȤȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶͿΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖẞỺỼỾℲↃ',
      'æðøþđħłŋœŧɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵƣƥʀƨʃƭʈʊʋƴƶʒƹƽǥƕƿȝƞȣȥⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷϳαβγδεζηθικλμνξοπρστυφχψωϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӄӆӈӊӌӎӕәӡөӷӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆßỻỽỿⅎↄ') END AS lowered
    FROM bare
  )
  SELECT normalize(regexp_replace(regexp_replace(
    replace(replace(replace(replace(translate(lowered, 'øłđðıħŧŋəɛɔɓɖɗƙɲƴɣƶɨʉς', 'olddihtneeobddknygziuσ'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th'),
    '[\u2010-\u2015\u2212]', '-', 'g'), '[ \t\n\v\f\r\u1680\u2028\u2029]+', ' ', 'g'), NFC)
  FROM lowered
$$;

-- The columns that are folded are the trigger's arguments.
CREATE FUNCTION "campus_fold_columns"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."search_text" := campus_fold(array_to_string(
    ARRAY(SELECT to_jsonb(NEW) ->> argument.name FROM unnest(TG_ARGV) WITH ORDINALITY AS argument(name, place) ORDER BY place), ' '));
  RETURN NEW;
END
$$;

ALTER TABLE "course" ADD COLUMN "search_text" TEXT NOT NULL DEFAULT '';
ALTER TABLE "section" ADD COLUMN "search_text" TEXT NOT NULL DEFAULT '';
ALTER TABLE "meeting" ADD COLUMN "search_text" TEXT NOT NULL DEFAULT '';
ALTER TABLE "app_user" ADD COLUMN "search_text" TEXT NOT NULL DEFAULT '';

CREATE TRIGGER "course_search_text" BEFORE INSERT OR UPDATE OF "code", "title", "subject" ON "course"
  FOR EACH ROW EXECUTE FUNCTION campus_fold_columns('code', 'title', 'subject');
CREATE TRIGGER "section_search_text" BEFORE INSERT OR UPDATE OF "code", "title", "location" ON "section"
  FOR EACH ROW EXECUTE FUNCTION campus_fold_columns('code', 'title', 'location');
CREATE TRIGGER "meeting_search_text" BEFORE INSERT OR UPDATE OF "location" ON "meeting"
  FOR EACH ROW EXECUTE FUNCTION campus_fold_columns('location');
CREATE TRIGGER "app_user_search_text" BEFORE INSERT OR UPDATE OF "given_name", "family_name" ON "app_user"
  FOR EACH ROW EXECUTE FUNCTION campus_fold_columns('given_name', 'family_name');

UPDATE "course" SET "title" = "title";
UPDATE "section" SET "title" = "title";
UPDATE "meeting" SET "location" = "location" WHERE "location" IS NOT NULL;
UPDATE "app_user" SET "family_name" = "family_name";
