"""What the command line itself says, in Russian and English."""

from __future__ import annotations

from typing import Final

from edujournal.rules.clauses import Words

#: Every phrase by name; a place in braces is filled by name.
PHRASES: Final[dict[str, Words]] = {
    "checked": Words(
        "Проверено записей: {n}; ничего не внесено.", "Entries checked: {n}; nothing was recorded."
    ),
    "extra": Words(
        "{name}: столбцы оставлены без разбора: {columns}",
        "{name}: columns kept and not read: {columns}",
    ),
    "exported": Words(
        "Выгружено записей: {n}, в папку {folder}", "Entries written: {n}, to {folder}"
    ),
    "generated": Words(
        "Создано школ: {n}, записей: {entries}; аудит на {at} найдёт: {findings}",
        "Schools made: {n}, entries: {entries}; findings of an audit as of {at}: {findings}",
    ),
    "generating": Words("Создание школ", "Making schools"),
    "findings_written": Words("Находки: {file}", "Findings: {file}"),
    "in_school": Words("Школа {school}: находок {n}", "School {school}, findings: {n}"),
    "no_columns": Words(
        "{school}: всё проверено по записям, в столбцы не ложится: {why}",
        "{school}: judged entry by entry, no columns can be made of: {why}",
    ),
    "school_differs": Words("Школа {school}", "School {school}"),
    "region_compared": Words(
        "Школ: {n}, из них с различиями: {differ}. Находок появилось бы: {appeared}, исчезло бы:"
        " {vanished}, стали бы другими: {changed}, без изменений: {kept}.",
        "Schools: {n}, with differences: {differ}. Findings that would appear: {appeared}, vanish:"
        " {vanished}, turn into others: {changed}; unchanged: {kept}.",
    ),
    "region_audited": Words(
        "На {at}: школ {n}, записей {entries}, находок {found}. По правилам рассмотрено записей:"
        " {judged}; поводов, решённых точным аудитом: {suspects}, записей при них: {opened},"
        " книг целиком: {books}.",
        "As of {at}, schools: {n}, entries: {entries}, findings: {found}. Entries judged to prove what"
        " columns say: {judged}; occasions left to the exact audit: {suspects}, with {opened}"
        " entries; whole books: {books}.",
    ),
    "few": Words(
        "Мало учеников ({n}): {what} {name} — по записям можно узнать человека",
        "Few pupils ({n}): {what} {name}; somebody may be recognised",
    ),
    "few_absence": Words("причина отсутствия", "reason of absence"),
    "few_excuse": Words("уважительная причина", "excuse"),
    "few_group": Words("группа", "group"),
    "few_marker": Words("особая отметка", "marker"),
    "left_out": Words("Не выгружено: {kind} ({n})", "Left out: {kind} ({n})"),
    "key_forgotten": Words(
        "Ключ не сохранён: чьи это псевдонимы, не узнает никто.",
        "The key is forgotten: nobody can tell whose the pseudonyms are.",
    ),
    "key_kept": Words(
        "Ключ в {file}: храните отдельно от выгрузки.",
        "The key is in {file}: keep it apart from the export.",
    ),
    "file": Words("Файл", "File"),
    "importing": Words("Внесение", "Import"),
    "interrupted": Words("Прервано", "Interrupted"),
    "judging": Words("Проверка", "Check"),
    "precision": Words("Точность времени", "Precision of time"),
    "verify": Words("Проверка цепочек", "Verify"),
    "chapters": Words("И ещё шесть сцен", "Six scenes more"),
    "no_lints": Words("{id}: замечаний нет.", "{id}: nothing to look at."),
    "same_findings": Words(
        "Находки одни и те же: {n}.", "Both regulations find the same; findings: {n}."
    ),
    "appeared": Words("Появились бы: {n}", "Would appear: {n}"),
    "vanished": Words("Исчезли бы: {n}", "Would vanish: {n}"),
    "changed": Words("Стали бы другими: {n}", "Would turn into others: {n}"),
    "unchanged": Words("Без изменений: {n}", "Unchanged: {n}"),
    "account": Words("Кто", "Who"),
    "all_clean": Words("Нарушений не найдено.", "Nothing to report."),
    "asks": Words("О чём: {text}", "Asks: {text}"),
    "as_of": Words("По состоянию на {at}", "As of {at}"),
    "auditing": Words("Аудит", "Audit"),
    "book": Words("Книга", "Book"),
    "broken": Words("Нарушает: {text}", "Breaks it: {text}"),
    "cancelled": Words("урок отменён", "lesson cancelled"),
    "clause": Words("Пункт", "Clause"),
    "clauses": Words("Находки по пунктам", "Findings by clause"),
    "closes": Words("До", "Until"),
    "control": Words(
        "Контроль ведения журналов, {since} – {until}", "Control of the journals, {since} – {until}"
    ),
    "control_all": Words("Все вместе", "All together"),
    "control_by": Words("до {until}", "until {until}"),
    "control_broken": Words("Наруш.", "Broken"),
    "control_delay": Words("Медиана опозданий", "Median delay"),
    "control_early": Words("Рано", "Early"),
    "control_late": Words("Поздно", "Late"),
    "control_missing": Words("Нет", "Missing"),
    "control_undecidable": Words("Неясно", "Unclear"),
    "control_punctual": Words("В срок %", "In time %"),
    "count": Words("Сколько", "Count"),
    "damages": Words("повреждений: {n}", "damages: {n}"),
    "day": Words("День", "Day"),
    "decision": Words("Решение", "Decision"),
    "diary": Words("Дневник: {pupil}, {since} – {until}", "Diary: {pupil}, {since} – {until}"),
    "due": Words("Что ещё внести", "Still to be recorded"),
    "due_none": Words("Всё внесено.", "Nothing is owed."),
    "entries": Words("Записей", "Entries"),
    "finding": Words("Находка", "Finding"),
    "gist": Words("О чём", "What it asks"),
    "head": Words("Последняя запись", "Last entry"),
    "homework": Words("Задание", "Homework"),
    "imported": Words(
        "Внесено записей: {n}, внесены раньше: {repeated}",
        "Recorded: {n}, recorded before: {repeated}",
    ),
    "erased": Words("Стёрты тексты записей: {n}.", "Entries whose texts were erased: {n}."),
    "kept_due": Words("Пора уничтожить: {n}", "Due for disposal: {n}"),
    "kept_left": Words("Тексты", "Texts"),
    "kept_until": Words("Хранить до", "Keep until"),
    "may_go": Words("{name}: текст можно стереть", "{name}: the text may be erased"),
    "must_stay": Words(
        "{name}: хранить до {day} ({regulation}, п. {clause})",
        "{name}: must be kept until {day} ({regulation}, cl. {clause})",
    ),
    "no_texts": Words("Текстов нет.", "There are no texts."),
    "year_lost": Words(
        "{name}: срок неизвестен, данных об этом годе больше нет",
        "{name}: no term is known, the school's data has lost the year",
    ),
    "kept": Words("Соблюдает: {text}", "Keeps it: {text}"),
    "explained": Words("Одна находка с объяснением", "One finding, explained"),
    "papers": Words("Что остаётся в руках: откройте", "What is left in your hands: open it"),
    "next": Words("Дальше, например:", "Go on, for example:"),
    "store": Words("Хранилище: {url}", "Store: {url}"),
    "refusals": Words("Отказы: журнал доступа", "Refusals: the access log"),
    "tour": Words(
        "Школа «{school}»: учеников {pupils}, классов {classes}, уроков {lessons}. Четверть ведётся"
        " обычной записью; заложено случаев, которые найдёт аудит: {planted}, и отказов: {refused}.",
        "School {school!r}: {pupils} pupils, {classes} classes, {lessons} lessons. A quarter is kept"
        " by ordinary writes; planted in it are {planted} things for an audit to find, and {refused}"
        " that will be refused.",
    ),
    "tour_found": Words(
        "Заложено {planted}, найдено {found}, совпало {same}.",
        "Planted {planted}, found {found}, the same {same}.",
    ),
    "tour_kept": Words(
        "Записей: {n} за {acts} действий; сводный хеш книг {digest}",
        "{n} entries in {acts} acts; digest of all books {digest}",
    ),
    "issued_copy": Words(
        "{id}: {paper}, {of}, версия {version}; {at}, {by}",
        "{id}: {paper}, {of}, version {version}; {at}, {by}",
    ),
    "copies_touched": Words(
        "Выданные экземпляры, которых это касается: {ids}", "Issued copies that this touches: {ids}"
    ),
    "touched_annulment": Words("аннулировано записью {act}", "annulled by entry {act}"),
    "touched_correction": Words("исправлено записью {act}", "corrected by entry {act}"),
    "touched_void": Words("стало недействительным", "became void"),
    "keeping": Words("Ведём журналы четверти", "Keeping the journals of a quarter"),
    "lesson": Words("Урок", "Lesson"),
    "legend": Words("Предметы: {text}", "Subjects: {text}"),
    "mark": Words("Отметка", "Mark"),
    "mend": Words("Как исправить: {text}", "How to mend: {text}"),
    "moved": Words("перенесён с {day}", "moved from {day}"),
    "more": Words("и ещё {n}", "and {n} more"),
    "nobody": Words("Исполнитель не назван", "Nobody in particular"),
    "outcome": Words("Итог", "Outcome"),
    "overdue": Words("просрочено", "overdue"),
    "page": Words("Журнал: {subject}, {group}", "Journal: {subject}, {group}"),
    "page_state": Words(
        "{since} – {until}; записей {n}, хеш последней {hash}",
        "{since} – {until}; entries: {n}, hash of the last {hash}",
    ),
    "printed": Words("{title}, {of}: {file}", "{title}, {of}: {file}"),
    "pupil": Words("Ученик", "Pupil"),
    "record": Words("Запись", "Record"),
    "reads": Words("Просмотров: {n}, учеников: {pupils}", "Looks: {n}, pupils: {pupils}"),
    "reading": Words("Как читаем: {text}", "Reading: {text}"),
    "recorded": Words("Внесено: {book}, запись {n}", "Recorded: {book}, entry {n}"),
    "refused": Words("Отказано, ничего не внесено.", "Refused, nothing was recorded."),
    "repeated": Words(
        "Уже внесено под этим ключом: {book}, запись {n}",
        "Already recorded under this key: {book}, entry {n}",
    ),
    "ciphered": Words(
        "Тексты под ключами, не проверены: {n}; назовите ключи: --keys",
        "Ciphered texts that were not looked at: {n}; name their keys with --keys",
    ),
    "sheet": Words("Сводная ведомость: {group}, {period}", "Summary sheet: {group}, {period}"),
    "sheet_missing": Words("? — отметки нет, а нужна ({n})", "? – owed and not there ({n})"),
    "subject": Words("Предмет", "Subject"),
    "substitute": Words("замена: {name}", "substitute: {name}"),
    "task_for": Words("Задано на урок", "To be done"),
    "time": Words("Время", "Time"),
    "tick_left": Words(
        "Срок не определён, ничего не внесено:", "No term is known, nothing was made:"
    ),
    "tick_made": Words(
        "Внесено по сроку: {n}, отказано: {refused}", "Made by time: {n}, refused: {refused}"
    ),
    "tick_told": Words("Напоминаний: {n}", "Reminders: {n}"),
    "seen": Words("Просмотр подтверждён: {name}, {at}", "Seen: {name}, {at}"),
    "seen_before": Words(
        "Просмотр подтверждён: {name}, {at}; с тех пор есть изменения",
        "Seen: {name}, {at}; changed since",
    ),
    "to_clear": Words("закрыть до {at}", "to be cleared by {at}"),
    "topic": Words("Тема", "Topic"),
    "total": Words("Всего", "Total"),
    "sealed": Words(
        "{year}: запечатано книг: {n}, печатей в журнале: {size}.",
        "{year}: books sealed: {n}, seals in the log: {size}.",
    ),
    "witnessed": Words(
        "Засвидетельствовано: {origin}, печатей: {size}.", "Cosigned: {origin}, seals: {size}."
    ),
    "proof_made": Words(
        "Доказательство составлено: {book}, запись {n}.", "Proof made: {book}, entry {n}."
    ),
    "proven": Words("Доказано: {book}, запись {n}.", "Proven: {book}, entry {n}."),
    "proof_by": Words(
        "Контрольная точка {origin}, печатей: {size}", "Checkpoint {origin}, seals: {size}"
    ),
    "signed_by": Words("Подпись: {name}", "Signed by {name}"),
    "archived": Words("Архив {year}: {folder}", "Archive of {year}: {folder}"),
    "checker_other": Words(
        "verify.py в архиве — другой. Хеш верного: {digest}",
        "The archive's verify.py is another one. The right one has {digest}",
    ),
    "checker_same": Words("verify.py: {digest}", "verify.py: {digest}"),
    "closed_journals": Words("Закрыто журналов: {n}", "Journals closed: {n}"),
    "copied": Words(
        "{school}: скопировано книг: {books}, записей: {n}, ",
        "{school}: books copied: {books}, entries: {n}, ",
    ),
    "disposed": Words(
        "Уничтожено по сроку, хранятся хеши; книг: {n}",
        "Books disposed of, of which the hashes are kept: {n}",
    ),
    "kept_results": Words(
        "Итоги, сохранённые отдельно от журналов: {n}; из них не под печатью: {unproven}",
        "Results kept apart from their journals: {n}; no seal covers {unproven} of them",
    ),
    "registered": Words("Людей в реестре: {n}", "People in the register: {n}"),
    "forgotten": Words(
        "Из них стёрто: {n}, основание: {grounds}", "Of these erased: {n}, on the ground: {grounds}"
    ),
    "handed_over": Words(
        "Сводных ведомостей сдано в архив: {n}", "Summary sheets handed to the archive: {n}"
    ),
    "archive_digest": Words("Хеш архива: {digest}", "Digest of the archive: {digest}"),
    "assured_none": Words("{school}: повреждено.", "{school}: damaged."),
    "assured_L0": Words(
        "{school}: уровень L0: книги целы сами по себе, конец не подтверждён.",
        "{school}: assurance L0: books are whole in themselves, their ends are not confirmed.",
    ),
    "assured_L1": Words(
        "{school}: уровень L1: цепочки и концы книг совпадают.",
        "{school}: assurance L1: chains and heads agree.",
    ),
    "assured_L2": Words(
        "{school}: уровень L2: подтверждено подписанной контрольной точкой.",
        "{school}: assurance L2: confirmed by a signed checkpoint.",
    ),
    "assured_L3": Words(
        "{school}: уровень L3: подтверждено свидетелем или печатным листом.",
        "{school}: assurance L3: confirmed by a witness or by print.",
    ),
    "stamps_unread": Words(
        "Штампов времени, у которых проверен только отпечаток: {n} ({year}); чьи они, скажет --authority.",
        "Stamps of time of which only the digest was checked: {n} ({year}); --authority tells whose.",
    ),
    "stamped": Words(
        "{year}: печатей с отметкой времени: {size}; с {at} они не изменены.",
        "{year}: seals with a stamp of time: {size}; unchanged since {at}.",
    ),
    "lacks_checkpoint": Words(
        "Нет контрольной точки ({years}), печатей без неё: {n}.",
        "No checkpoint ({years}); seals without one: {n}.",
    ),
    "lacks_seal": Words(
        "Не запечатано записей: {n} ({years}).", "Entries not sealed yet: {n} ({years})."
    ),
    "lacks_witness": Words(
        "Нет свидетеля и печатного листа ({years}).", "No witness and no print ({years})."
    ),
    "verified": Words("Книг: {books}, записей: {n}, ", "Books: {books}, entries: {n}, "),
    "by_class": Words("Класс", "Class"),
    "by_parallel": Words("Параллель", "Grade"),
    "by_period": Words("Период", "Period"),
    "by_pupil": Words("Ученик", "Pupil"),
    "by_school": Words("Школа", "School"),
    "by_subject": Words("Предмет", "Subject"),
    "by_teacher": Words("Учитель", "Teacher"),
    "stat_attended": Words("Посещ. %", "Att. %"),
    "stat_exempt": Words("Осв.", "Exempt"),
    "stat_learning": Words("СОУ %", "Learn. %"),
    "stat_marks_mean": Words("Отм.", "Marks"),
    "stat_mean": Words("Ср.", "Mean"),
    "stat_missing": Words("Нет", "Missing"),
    "stat_quality": Words("Кач. %", "Qual. %"),
    "stat_results": Words("Итогов", "Results"),
    "stat_success": Words("Усп. %", "Succ. %"),
    "notices_aside": Words(
        "Отложено, адресаты не принимают: {n} (--again пробует снова)",
        "Set aside, for their receivers never take them: {n} (--again tries them)",
    ),
    "notices_failed": Words(
        "Не ушло ({channel}, письмо {key}): {what}", "Not sent ({channel}, letter {key}): {what}"
    ),
    "notices_sent": Words(
        "Отправлено писем: {sent}; ждут уведомлений: {waiting}; отозвано: {withdrawn}",
        "Letters sent: {sent}; notices that wait: {waiting}; withdrawn: {withdrawn}",
    ),
    "notices_unreachable": Words(
        "Нет адреса ({channel}): {accounts}", "No address ({channel}): {accounts}"
    ),
    "reported": Words(
        "Отчёт: {file}; находок {told}, из них в файле {kept}",
        "Report: {file}; findings {told}, of them in the file {kept}",
    ),
    "what": Words("Что", "What"),
    "why": Words("Зачем: {text}", "Why: {text}"),
}


def phrase(language: str, name: str, /, **values: object) -> str:
    """Say the phrase *name* in *language*."""
    return PHRASES[name][language].format(**values)
