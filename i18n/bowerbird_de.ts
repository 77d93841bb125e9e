<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n closest pictures</source>
        <translation><numerusform>das nächstliegende Bild</numerusform><numerusform>die %Ln nächstliegenden Bilder</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n copies elsewhere</source>
        <comment>of a file</comment>
        <translation><numerusform>%Ln Kopie anderswo</numerusform><numerusform>%Ln Kopien anderswo</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n elsewhere</source>
        <comment>copies</comment>
        <translation><numerusform>%Ln anderswo</numerusform><numerusform>%Ln anderswo</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <comment>pictures</comment>
        <translation><numerusform>%Ln fehlgeschlagen</numerusform><numerusform>%Ln fehlgeschlagen</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <comment>hours</comment>
        <translation><numerusform>%Ln h</numerusform><numerusform>%Ln h</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <comment>minutes</comment>
        <translation><numerusform>%Ln min</numerusform><numerusform>%Ln min</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures</source>
        <translation><numerusform>%Ln Bild</numerusform><numerusform>%Ln Bilder</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures a second here</source>
        <translation><numerusform>%Ln Bild je Sekunde hier</numerusform><numerusform>%Ln Bilder je Sekunde hier</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n s</source>
        <comment>seconds</comment>
        <translation><numerusform>%Ln s</numerusform><numerusform>%Ln s</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <comment>pictures</comment>
        <translation><numerusform>%Ln gewählt</numerusform><numerusform>%Ln gewählt</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n selected pictures</source>
        <translation><numerusform>%Ln gewähltes Bild</numerusform><numerusform>%Ln gewählte Bilder</numerusform></translation>
    </message>
    <message>
        <source>0 for as many as this machine has processors.</source>
        <translation>0 für so viele, wie dieses Gerät Prozessoren hat.</translation>
    </message>
    <message>
        <source>A ZIP file</source>
        <translation>Eine ZIP-Datei</translation>
    </message>
    <message>
        <source>A larger file is not taken into a collection that lies in the library.</source>
        <translation>Eine größere Datei wird nicht in eine Sammlung in der Bibliothek aufgenommen.</translation>
    </message>
    <message>
        <source>A larger one fails instead of being read.</source>
        <translation>Eine größere misslingt, statt gelesen zu werden.</translation>
    </message>
    <message>
        <source>A larger one fails instead of filling the memory.</source>
        <translation>Ein größeres misslingt, statt den Speicher zu füllen.</translation>
    </message>
    <message>
        <source>A larger one of a catalogue is not fetched.</source>
        <translation>Ein größeres eines Katalogs wird nicht geholt.</translation>
    </message>
    <message>
        <source>A list for programs (JSON lines)</source>
        <translation>Eine Liste für Programme (JSON-Zeilen)</translation>
    </message>
    <message>
        <source>A list for spreadsheets (CSV)</source>
        <translation>Eine Liste für Tabellen (CSV)</translation>
    </message>
    <message>
        <source>A page of small pictures (HTML)</source>
        <translation>Eine Seite mit kleinen Bildern (HTML)</translation>
    </message>
    <message numerus="yes">
        <source>Add %n pictures</source>
        <translation><numerusform>%Ln Bild hinzufügen</numerusform><numerusform>%Ln Bilder hinzufügen</numerusform></translation>
    </message>
    <message>
        <source>Add a bucket</source>
        <translation>Bucket hinzufügen</translation>
    </message>
    <message>
        <source>Add a bucket …</source>
        <translation>Bucket hinzufügen …</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder of pictures</source>
        <translation>Ordner mit Bildern hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder of pictures (Ctrl+O)</source>
        <translation>Ordner mit Bildern hinzufügen (Strg+O)</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>Schlagwort hinzufügen</translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Add pictures to the folder, or add another folder.</source>
        <translation>Legen Sie Bilder in den Ordner, oder fügen Sie einen anderen hinzu.</translation>
    </message>
    <message>
        <source>Add tag “{tag}”</source>
        <translation>Schlagwort „{tag}“ hinzufügen</translation>
    </message>
    <message>
        <source>Add this tag ({sure} sure)</source>
        <translation>Dieses Schlagwort hinzufügen ({sure} sicher)</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message numerus="yes">
        <source>All %n pictures shown</source>
        <translation><numerusform>Das gezeigte Bild</numerusform><numerusform>Alle %Ln gezeigten Bilder</numerusform></translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>All pictures</source>
        <translation>Alle Bilder</translation>
    </message>
    <message>
        <source>All pictures, the closest first</source>
        <translation>Alle Bilder, das nächste zuerst</translation>
    </message>
    <message>
        <source>Also like this</source>
        <translation>Auch wie dieses</translation>
    </message>
    <message>
        <source>Also {n}, {date}, {folder}, {width} and {height}, as in “{n} {date} {name}”.</source>
        <translation>Auch {n}, {date}, {folder}, {width} und {height}, wie in „{n} {date} {name}“.</translation>
    </message>
    <message>
        <source>An open_clip checkpoint of your own</source>
        <translation>Ein eigener open_clip-Checkpoint</translation>
    </message>
    <message>
        <source>Another colour …</source>
        <translation>Andere Farbe …</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Any colour</source>
        <translation>Jede Farbe</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jede Zeit</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Asking {url} …</source>
        <translation>{url} wird gefragt …</translation>
    </message>
    <message>
        <source>Back to the search before</source>
        <translation>Zurück zur vorigen Suche</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>Bandbreite</translation>
    </message>
    <message>
        <source>Best match</source>
        <translation>Beste Treffer</translation>
    </message>
    <message>
        <source>Best quality</source>
        <translation>Beste Qualität</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>Schwarz</translation>
    </message>
    <message>
        <source>Bowerbird looks at your pictures where they are. Nothing is copied or sent.</source>
        <translation>Bowerbird sieht Ihre Bilder dort an, wo sie liegen. Nichts wird kopiert oder verschickt.</translation>
    </message>
    <message>
        <source>Bowerbird ran into a fault of its own. Your pictures and your library are as they were. Nothing is sent anywhere; the report below helps whoever you show it to.</source>
        <translation>Bowerbird ist auf einen eigenen Fehler gestoßen. Ihre Bilder und Ihre Bibliothek sind, wie sie waren. Nichts wird verschickt; der Bericht unten hilft denen, denen Sie ihn zeigen.</translation>
    </message>
    <message>
        <source>Buckets and the web are read no faster than this; 0 for no limit.</source>
        <translation>Buckets und Web werden nicht schneller gelesen; 0 für keine Grenze.</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Catalogues</source>
        <translation>Kataloge</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter löschen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche löschen</translation>
    </message>
    <message>
        <source>Clear the search (Escape)</source>
        <translation>Suche löschen (Esc)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Fenster schließen</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Colour of the pictures</source>
        <translation>Farbe der Bilder</translation>
    </message>
    <message>
        <source>Colour {colour}</source>
        <translation>Farbe {colour}</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Farben des Fensters</translation>
    </message>
    <message>
        <source>Contact sheets (PDF)</source>
        <translation>Kontaktbögen (PDF)</translation>
    </message>
    <message>
        <source>Contact sheets (PNG)</source>
        <translation>Kontaktbögen (PNG)</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Copies of one shot</source>
        <translation>Kopierte Aufnahmen</translation>
    </message>
    <message>
        <source>Copies of the files, in a folder</source>
        <translation>Kopien der Dateien in einem Ordner</translation>
    </message>
    <message>
        <source>Copies of {name}</source>
        <translation>Kopien von {name}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Describe a picture, or drop one here</source>
        <translation>Beschreiben Sie ein Bild, oder ziehen Sie eines hierher</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Did you mean {words}?</source>
        <translation>Meinten Sie {words}?</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Download {name}</source>
        <translation>{name} herunterladen</translation>
    </message>
    <message>
        <source>Drop a folder of pictures here</source>
        <translation>Ziehen Sie einen Ordner mit Bildern hierher</translation>
    </message>
    <message>
        <source>Edit tags</source>
        <translation>Schlagwörter bearbeiten</translation>
    </message>
    <message>
        <source>Edit tags …</source>
        <translation>Schlagwörter bearbeiten …</translation>
    </message>
    <message>
        <source>Edit the data of {name}</source>
        <translation>Angaben zu {name} ändern</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>Endpunkt</translation>
    </message>
    <message>
        <source>Every day</source>
        <translation>Jeden Tag</translation>
    </message>
    <message>
        <source>Every hour</source>
        <translation>Jede Stunde</translation>
    </message>
    <message>
        <source>Every month</source>
        <translation>Jeden Monat</translation>
    </message>
    <message>
        <source>Every week</source>
        <translation>Jede Woche</translation>
    </message>
    <message>
        <source>Exact copies</source>
        <translation>Gleiche Dateien</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Export to {name}</source>
        <translation>Export nach {name}</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Angaben</translation>
    </message>
    <message>
        <source>Facts of your own</source>
        <translation>Eigene Angaben</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>Einstellung suchen</translation>
    </message>
    <message>
        <source>Find copies of one shot</source>
        <translation>Kopien einer Aufnahme suchen</translation>
    </message>
    <message>
        <source>Find pictures like this one</source>
        <translation>Ähnliche Bilder finden</translation>
    </message>
    <message>
        <source>Find pictures of this colour</source>
        <translation>Bilder dieser Farbe finden</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>Ähnliche finden</translation>
    </message>
    <message>
        <source>Find the same shape</source>
        <translation>Gleiche Form finden</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Forget search “{name}”</source>
        <translation>Suche „{name}“ vergessen</translation>
    </message>
    <message>
        <source>Forget this search</source>
        <translation>Diese Suche vergessen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Wieder vorwärts</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>From the search to the pictures</source>
        <translation>Von der Suche zu den Bildern</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Go to the search</source>
        <translation>Zur Suche</translation>
    </message>
    <message>
        <source>Good matches</source>
        <translation>Gute Treffer</translation>
    </message>
    <message>
        <source>Hard links to the files, in a folder</source>
        <translation>Harte Verknüpfungen in einem Ordner</translation>
    </message>
    <message>
        <source>Hidden files</source>
        <translation>Versteckte Dateien</translation>
    </message>
    <message>
        <source>Hide the tasks</source>
        <translation>Aufgaben verbergen</translation>
    </message>
    <message>
        <source>Holds from the next start on.</source>
        <translation>Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>How likely pictures match the words</source>
        <translation>Wie wahrscheinlich Bilder zu den Wörtern passen</translation>
    </message>
    <message>
        <source>How many variations</source>
        <translation>Wie viele Varianten</translation>
    </message>
    <message>
        <source>I pay for what is read</source>
        <translation>Ich zahle für das Gelesene</translation>
    </message>
    <message>
        <source>Import a catalogue</source>
        <translation>Katalog importieren</translation>
    </message>
    <message>
        <source>Import a catalogue …</source>
        <translation>Katalog importieren …</translation>
    </message>
    <message>
        <source>Import {name}</source>
        <translation>{name} importieren</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Index also names that begin with a dot.</source>
        <translation>Auch Namen aufnehmen, die mit einem Punkt beginnen.</translation>
    </message>
    <message>
        <source>It is public: use no keys</source>
        <translation>Er ist öffentlich: keine Schlüssel verwenden</translation>
    </message>
    <message>
        <source>Its memory is given back after so long; 0 keeps it.</source>
        <translation>Nach so langer Zeit wird sein Speicher frei; 0 behält es.</translation>
    </message>
    <message>
        <source>Its pictures stay in the library's folder “managed” until you delete them there. Export them first if you want them elsewhere.</source>
        <translation>Ihre Bilder bleiben im Ordner „managed“ der Bibliothek, bis Sie sie dort löschen. Exportieren Sie sie zuerst, wenn Sie sie anderswo haben wollen.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Keys come from the AWS configuration of this machine, or are kept in its keyring and nowhere else. Nothing is ever written to the bucket.</source>
        <translation>Schlüssel kommen aus der AWS-Konfiguration dieses Geräts oder liegen in seinem Schlüsselbund, sonst nirgends. In den Bucket wird nie etwas geschrieben.</translation>
    </message>
    <message>
        <source>Keys …</source>
        <translation>Tasten …</translation>
    </message>
    <message>
        <source>Larger pictures</source>
        <translation>Größere Bilder</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>Größte Datei</translation>
    </message>
    <message>
        <source>Largest picture</source>
        <translation>Größtes Bild</translation>
    </message>
    <message>
        <source>Largest picture from the web</source>
        <translation>Größtes Bild aus dem Web</translation>
    </message>
    <message>
        <source>Largest picture in the library itself</source>
        <translation>Größtes Bild in der Bibliothek selbst</translation>
    </message>
    <message>
        <source>Leave out what does not match the words well</source>
        <translation>Weglassen, was nicht gut zu den Wörtern passt</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Local copies, made to open or export them; those unused for longest are dropped.</source>
        <translation>Lokale Kopien zum Öffnen oder Exportieren; die am längsten unbenutzten fallen weg.</translation>
    </message>
    <message>
        <source>Look at shapes</source>
        <translation>Formen ansehen</translation>
    </message>
    <message>
        <source>Look by itself</source>
        <translation>Von selbst nachsehen</translation>
    </message>
    <message>
        <source>Look by itself …</source>
        <translation>Von selbst nachsehen …</translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation>Nach Änderungen suchen</translation>
    </message>
    <message>
        <source>Look for changes in all collections</source>
        <translation>Alle Sammlungen nach Änderungen absuchen</translation>
    </message>
    <message>
        <source>Look for changes in {name}</source>
        <translation>{name} auf Änderungen prüfen</translation>
    </message>
    <message>
        <source>Look for changes in “{name}”</source>
        <translation>„{name}“ auf Änderungen prüfen</translation>
    </message>
    <message>
        <source>Looking at your pictures</source>
        <translation>Ihre Bilder werden angesehen</translation>
    </message>
    <message>
        <source>Looking for changes … {count} found</source>
        <translation>Suche nach Änderungen … {count} gefunden</translation>
    </message>
    <message>
        <source>Looks alike</source>
        <translation>Sieht ähnlich aus</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Measure the speed here</source>
        <translation>Tempo hier messen</translation>
    </message>
    <message>
        <source>Missing files</source>
        <translation>Fehlende Dateien</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Models …</source>
        <translation>Modelle …</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Most pixels</source>
        <translation>Meiste Pixel</translation>
    </message>
    <message numerus="yes">
        <source>Move %n files to the trash</source>
        <translation><numerusform>%Ln Datei in den Papierkorb legen</numerusform><numerusform>%Ln Dateien in den Papierkorb legen</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Move %n files to the trash?</source>
        <translation><numerusform>%Ln Datei in den Papierkorb legen?</numerusform><numerusform>%Ln Dateien in den Papierkorb legen?</numerusform></translation>
    </message>
    <message>
        <source>Move the files to the trash</source>
        <translation>Die Dateien in den Papierkorb legen</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>In den Papierkorb legen</translation>
    </message>
    <message>
        <source>Move to the trash …	Delete</source>
        <translation>In den Papierkorb legen …	Entf</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name of a fact</source>
        <translation>Name der Angabe</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Names, or paths with a slash, one a line; * and ? stand for anything.</source>
        <translation>Namen oder Pfade mit Schrägstrich, je Zeile einer; * und ? stehen für Beliebiges.</translation>
    </message>
    <message>
        <source>Narrow by what is said of pictures</source>
        <translation>Nach dem eingrenzen, was über Bilder gesagt ist</translation>
    </message>
    <message>
        <source>Nearly the same</source>
        <translation>Fast gleich</translation>
    </message>
    <message>
        <source>Never index</source>
        <translation>Nie aufnehmen</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>Neue Sammlung</translation>
    </message>
    <message>
        <source>New collection …</source>
        <translation>Neue Sammlung …</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>No good match below this line</source>
        <translation>Unter dieser Linie passt nichts mehr gut</translation>
    </message>
    <message>
        <source>No picture matches well. These come closest.</source>
        <translation>Kein Bild passt gut. Diese kommen am nächsten.</translation>
    </message>
    <message>
        <source>Not like this</source>
        <translation>Nicht wie dieses</translation>
    </message>
    <message>
        <source>Nothing was found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>Nothing: transparent</source>
        <translation>Nichts: durchsichtig</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Only for services other than Amazon</source>
        <translation>Nur für andere Dienste als Amazon</translation>
    </message>
    <message>
        <source>Only what matches with {value} % or more</source>
        <translation>Nur was mit {value} % oder mehr passt</translation>
    </message>
    <message>
        <source>Only when asked</source>
        <translation>Nur auf Wunsch</translation>
    </message>
    <message>
        <source>Only where no profile has one</source>
        <translation>Nur wenn kein Profil einen hat</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open the file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation>Reihenfolge der Bilder</translation>
    </message>
    <message>
        <source>Part of {name}</source>
        <translation>Teil von {name}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures asked of one host</source>
        <translation>Bilder von einem Server</translation>
    </message>
    <message>
        <source>Pictures over time</source>
        <translation>Bilder im Lauf der Zeit</translation>
    </message>
    <message>
        <source>Pictures read at a time</source>
        <translation>Gleichzeitig gelesene Bilder</translation>
    </message>
    <message>
        <source>Pictures that are dropped on it are copied into the library. Its name:</source>
        <translation>Bilder, die darauf abgelegt werden, werden in die Bibliothek kopiert. Ihr Name:</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Orte</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message numerus="yes">
        <source>Put %n files back</source>
        <translation><numerusform>%Ln Datei zurücklegen</numerusform><numerusform>%Ln Dateien zurücklegen</numerusform></translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>Schnellansicht</translation>
    </message>
    <message>
        <source>Quick look	Space</source>
        <translation>Schnellansicht	Leertaste</translation>
    </message>
    <message>
        <source>Quick look; up to four side by side</source>
        <translation>Schnellansicht; bis zu vier nebeneinander</translation>
    </message>
    <message>
        <source>Recent searches</source>
        <translation>Letzte Suchen</translation>
    </message>
    <message>
        <source>Records of the same name are changed, others are added. Name of the catalogue:</source>
        <translation>Gleichnamige Einträge werden geändert, andere hinzugefügt. Name des Katalogs:</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Reimagine</source>
        <translation>Neu erdenken</translation>
    </message>
    <message>
        <source>Reimagine …</source>
        <translation>Neu erdenken …</translation>
    </message>
    <message>
        <source>Remember missing pictures</source>
        <translation>Fehlende Bilder merken</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message numerus="yes">
        <source>Remove background of %n pictures</source>
        <translation><numerusform>Hintergrund von %Ln Bild entfernen</numerusform><numerusform>Hintergrund von %Ln Bildern entfernen</numerusform></translation>
    </message>
    <message>
        <source>Remove background …</source>
        <translation>Hintergrund entfernen …</translation>
    </message>
    <message>
        <source>Remove from the library</source>
        <translation>Aus der Bibliothek entfernen</translation>
    </message>
    <message>
        <source>Remove from the library …</source>
        <translation>Aus der Bibliothek entfernen …</translation>
    </message>
    <message>
        <source>Remove from the search</source>
        <translation>Aus der Suche entfernen</translation>
    </message>
    <message>
        <source>Remove tag “{tag}”</source>
        <translation>Schlagwort „{tag}“ entfernen</translation>
    </message>
    <message>
        <source>Remove the background</source>
        <translation>Hintergrund entfernen</translation>
    </message>
    <message>
        <source>Remove this fact</source>
        <translation>Diese Angabe entfernen</translation>
    </message>
    <message>
        <source>Remove this tag</source>
        <translation>Dieses Schlagwort entfernen</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <source>Remove “{name}” with its {count} pictures from the library?</source>
        <translation>„{name}“ mit {count} Bildern aus der Bibliothek entfernen?</translation>
    </message>
    <message>
        <source>Rename collection</source>
        <translation>Sammlung umbenennen</translation>
    </message>
    <message>
        <source>Rename “{name}”</source>
        <translation>„{name}“ umbenennen</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Room for pictures from buckets</source>
        <translation>Platz für Bilder aus Buckets</translation>
    </message>
    <message>
        <source>Room for thumbnails</source>
        <translation>Platz für Vorschaubilder</translation>
    </message>
    <message>
        <source>Rows filled with pictures</source>
        <translation>Zeilen voller Bilder</translation>
    </message>
    <message>
        <source>Rows filled with pictures, or squares</source>
        <translation>Zeilen voller Bilder oder Quadrate</translation>
    </message>
    <message>
        <source>SQS, if the bucket sends its events to one</source>
        <translation>SQS, wenn der Bucket seine Ereignisse dorthin sendet</translation>
    </message>
    <message>
        <source>Save search “{name}”</source>
        <translation>Suche „{name}“ sichern</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>Diese Suche sichern</translation>
    </message>
    <message>
        <source>Save this search (Ctrl+S)</source>
        <translation>Diese Suche sichern (Strg+S)</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>Gesicherte Suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Search by a picture</source>
        <translation>Mit einem Bild suchen</translation>
    </message>
    <message>
        <source>Search by a picture …</source>
        <translation>Mit einem Bild suchen …</translation>
    </message>
    <message>
        <source>Search by the picture in the clipboard</source>
        <translation>Mit dem Bild der Zwischenablage suchen</translation>
    </message>
    <message>
        <source>Searching by {name}</source>
        <translation>Suche mit {name}</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Geheimnis</translation>
    </message>
    <message>
        <source>Select a picture to see what is known of it.</source>
        <translation>Wählen Sie ein Bild, um zu sehen, was darüber bekannt ist.</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alle wählen</translation>
    </message>
    <message>
        <source>Select all but the best of each</source>
        <translation>Alle außer der jeweils besten wählen</translation>
    </message>
    <message>
        <source>Set words aside as a part of their own</source>
        <translation>Wörter als eigenen Teil beiseitelegen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Shaped like {name}</source>
        <translation>Geformt wie {name}</translation>
    </message>
    <message>
        <source>Show all copies</source>
        <translation>Alle Kopien zeigen</translation>
    </message>
    <message>
        <source>Show all tasks (Ctrl+J)</source>
        <translation>Alle Aufgaben zeigen (Strg+J)</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Show its own size</source>
        <translation>In eigener Größe zeigen</translation>
    </message>
    <message>
        <source>Show or hide the details</source>
        <translation>Einzelheiten zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Show or hide the places</source>
        <translation>Orte zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Show or hide the tasks</source>
        <translation>Aufgaben zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>Das ganze Bild zeigen</translation>
    </message>
    <message>
        <source>Show these</source>
        <translation>Diese zeigen</translation>
    </message>
    <message>
        <source>Show this sheet</source>
        <translation>Diese Übersicht zeigen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>Size of the pictures (Ctrl and the wheel)</source>
        <translation>Größe der Bilder (Strg und Mausrad)</translation>
    </message>
    <message>
        <source>Smaller pictures</source>
        <translation>Kleinere Bilder</translation>
    </message>
    <message>
        <source>So many a second while a catalogue is fetched; 0 for as many as come.</source>
        <translation>So viele je Sekunde beim Holen eines Katalogs; 0 für beliebig viele.</translation>
    </message>
    <message>
        <source>Something unexpected went wrong: {error}</source>
        <translation>Etwas Unerwartetes ist schiefgegangen: {error}</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Squares with names</source>
        <translation>Quadrate mit Namen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop; what is done is kept</source>
        <translation>Anhalten; was fertig ist, bleibt</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Syncs take changes at once, the window from its next start on.</source>
        <translation>Für Abgleiche gelten Änderungen sofort, für das Fenster ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Tag</source>
        <comment>a word given to pictures</comment>
        <translation>Schlagwort</translation>
    </message>
    <message>
        <source>Tag “{tag}”</source>
        <translation>Mit „{tag}“ verschlagworten</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Tags and facts of a file that is gone are kept so long, should it come back.</source>
        <translation>So lange bleiben Schlagwörter und Angaben einer verschwundenen Datei erhalten, falls sie wiederkommt.</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>The files stay where they are. Tags given to these pictures are forgotten.</source>
        <translation>Die Dateien bleiben, wo sie sind. Schlagwörter dieser Bilder werden vergessen.</translation>
    </message>
    <message>
        <source>The first ones show in a moment. You can search as soon as they do.</source>
        <translation>Die ersten erscheinen gleich. Sobald sie da sind, können Sie suchen.</translation>
    </message>
    <message>
        <source>The library could not be opened</source>
        <translation>Die Bibliothek lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>The link was copied. A bucket's link works for an hour.</source>
        <translation>Der Link wurde kopiert. Der eines Buckets gilt eine Stunde.</translation>
    </message>
    <message>
        <source>The next picture</source>
        <translation>Das nächste Bild</translation>
    </message>
    <message>
        <source>The own background, out of focus</source>
        <translation>Der eigene Hintergrund, unscharf</translation>
    </message>
    <message>
        <source>The picture before</source>
        <translation>Das Bild davor</translation>
    </message>
    <message>
        <source>The service wants the bucket in the path</source>
        <translation>Der Dienst will den Bucket im Pfad</translation>
    </message>
    <message>
        <source>There are no pictures here</source>
        <translation>Hier sind keine Bilder</translation>
    </message>
    <message>
        <source>They can be put back from there. Their tags are kept for some time, should they.</source>
        <translation>Von dort können sie zurückgelegt werden. Ihre Schlagwörter bleiben dafür einige Zeit erhalten.</translation>
    </message>
    <message>
        <source>Those unused for longest are dropped, and made again when they are needed.</source>
        <translation>Die am längsten unbenutzten fallen weg und werden bei Bedarf neu gemacht.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Try and add</source>
        <translation>Prüfen und hinzufügen</translation>
    </message>
    <message>
        <source>Try failed pictures again</source>
        <translation>Fehlgeschlagene Bilder noch einmal versuchen</translation>
    </message>
    <message>
        <source>Try other words, choose all pictures, or clear the search with Escape.</source>
        <translation>Versuchen Sie andere Wörter, wählen Sie alle Bilder, oder löschen Sie die Suche mit Esc.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Unload an unused model</source>
        <translation>Unbenutztes Modell entladen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use a file</source>
        <translation>Eine Datei verwenden</translation>
    </message>
    <message>
        <source>Use a file …</source>
        <translation>Eine Datei verwenden …</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Value of a fact</source>
        <translation>Wert der Angabe</translation>
    </message>
    <message>
        <source>Waiting for their pictures</source>
        <translation>Warten auf ihre Bilder</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>Was misslang</translation>
    </message>
    <message>
        <source>What is to stand behind</source>
        <translation>Was dahinter stehen soll</translation>
    </message>
    <message>
        <source>Wheel, Up and Down: how much it counts; below 0, what to avoid</source>
        <translation>Mausrad, Auf und Ab: wie viel es zählt; unter 0, was zu meiden ist</translation>
    </message>
    <message>
        <source>When something changes</source>
        <translation>Wenn sich etwas ändert</translation>
    </message>
    <message>
        <source>When “{name}” is looked at</source>
        <translation>Wann „{name}“ geprüft wird</translation>
    </message>
    <message>
        <source>Where to put the pictures without background</source>
        <translation>Wohin mit den Bildern ohne Hintergrund</translation>
    </message>
    <message>
        <source>Where to put the variations</source>
        <translation>Wohin mit den Varianten</translation>
    </message>
    <message>
        <source>White</source>
        <translation>Weiß</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>With the mouse: search by a part of the picture</source>
        <translation>Mit der Maus: nach einem Teil suchen</translation>
    </message>
    <message>
        <source>Working …</source>
        <translation>In Arbeit …</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>below {size} MP</source>
        <translation>unter {size} MP</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>megapixels</source>
        <translation>Megapixel</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>not there now</source>
        <translation>gerade nicht da</translation>
    </message>
    <message>
        <source>pasted picture</source>
        <translation>eingefügtes Bild</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>ships with Bowerbird</source>
        <translation>gehört zu Bowerbird</translation>
    </message>
    <message>
        <source>square</source>
        <translation>quadratisch</translation>
    </message>
    <message>
        <source>tall</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>wide</source>
        <translation>quer</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{name} is not there now. Connect its drive, or sync the collection.</source>
        <translation>{name} ist gerade nicht da. Schließen Sie das Laufwerk an, oder gleichen Sie die Sammlung ab.</translation>
    </message>
    <message>
        <source>{name} lies on this machine and has no address.</source>
        <translation>{name} liegt auf diesem Gerät und hat keine Adresse.</translation>
    </message>
    <message>
        <source>{rate} a second</source>
        <translation>{rate} pro Sekunde</translation>
    </message>
    <message>
        <source>{size} MP and more</source>
        <translation>{size} MP und mehr</translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation>{size} zum Herunterladen</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>Answer other programs while this window is open</source>
        <translation>Anderen Programmen antworten, solange dieses Fenster offen ist</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>In</source>
        <translation>In</translation>
    </message>
    <message>
        <source>It answers at {address}; {link} describes it.</source>
        <translation>Er antwortet unter {address}; {link} beschreibt ihn.</translation>
    </message>
    <message>
        <source>It is off.</source>
        <translation>Er ist aus.</translation>
    </message>
    <message>
        <source>It may</source>
        <translation>Er darf</translation>
    </message>
    <message>
        <source>It starts …</source>
        <translation>Er startet …</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Zuletzt benutzt</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>Anlegen</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>Schlüssel anlegen</translation>
    </message>
    <message>
        <source>Make a key …</source>
        <translation>Schlüssel anlegen …</translation>
    </message>
    <message>
        <source>No key yet. Every program needs one: make the first below.</source>
        <translation>Noch kein Schlüssel. Jedes Programm braucht einen: Legen Sie unten den ersten an.</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>Andere Programme</translation>
    </message>
    <message>
        <source>Other programs may name addresses of this machine and its network to fetch from.</source>
        <translation>Andere Programme dürfen Adressen dieses Rechners und seines Netzes nennen, von denen geladen wird.</translation>
    </message>
    <message>
        <source>Other programs …</source>
        <translation>Andere Programme …</translation>
    </message>
    <message>
        <source>Pictures of the own network</source>
        <translation>Bilder aus dem eigenen Netz</translation>
    </message>
    <message>
        <source>Programs on this machine can search and use the library over HTTP, in the dialects of Similarix, Ximilar, Dupify, Thread Genius and Clipdrop.</source>
        <translation>Programme auf diesem Rechner können die Bibliothek über HTTP durchsuchen und benutzen, in den Dialekten von Similarix, Ximilar, Dupify, Thread Genius und Clipdrop.</translation>
    </message>
    <message>
        <source>Programs that have it are refused at once.</source>
        <translation>Programme, die ihn haben, werden sofort abgewiesen.</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Revoke the key {name}?</source>
        <translation>Den Schlüssel {name} widerrufen?</translation>
    </message>
    <message>
        <source>Search and change</source>
        <translation>Suchen und ändern</translation>
    </message>
    <message>
        <source>The key {name} is made. Copy its secret now: it is kept nowhere.</source>
        <translation>Der Schlüssel {name} ist angelegt. Kopieren Sie sein Geheimnis jetzt: Es wird nirgends aufbewahrt.</translation>
    </message>
    <message>
        <source>The program that gets it</source>
        <translation>Das Programm, das ihn bekommt</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>Looking for things …</source>
        <translation>Suche nach Dingen …</translation>
    </message>
    <message>
        <source>No things found</source>
        <translation>Keine Dinge gefunden</translation>
    </message>
    <message>
        <source>Show the things in it; a click searches by one</source>
        <translation>Dinge darin zeigen; ein Klick sucht danach</translation>
    </message>
    <message>
        <source>The next thing; Enter searches by it</source>
        <translation>Das nächste Ding; Enter sucht danach</translation>
    </message>
    <message numerus="yes">
        <source>%n of them are whole videos, with all their scenes.</source>
        <translation><numerusform>%Ln davon ist ein ganzes Video mit allen seinen Szenen.</numerusform><numerusform>%Ln davon sind ganze Videos mit allen ihren Szenen.</numerusform></translation>
    </message>
    <message>
        <source>A larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>A picture …</source>
        <translation>Ein Bild …</translation>
    </message>
    <message>
        <source>A smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>After alone, before alone, both</source>
        <translation>Nur nachher, nur vorher, beides</translation>
    </message>
    <message>
        <source>All models run here on this machine. Another one for searching looks at every picture anew; until it is done, the one before goes on answering.</source>
        <translation>Alle Modelle laufen hier auf diesem Gerät. Ein anderes zum Suchen sieht jedes Bild neu an; bis es fertig ist, antwortet das vorige weiter.</translation>
    </message>
    <message>
        <source>Another number, other pictures.</source>
        <translation>Eine andere Zahl, andere Bilder.</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Behind</source>
        <translation>Dahinter</translation>
    </message>
    <message>
        <source>Behind the subject</source>
        <translation>Hinter dem Motiv</translation>
    </message>
    <message>
        <source>Beside the picture</source>
        <translation>Neben das Bild</translation>
    </message>
    <message>
        <source>Built-in</source>
        <translation>Eingebaut</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>Ohne Speichern schließen</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Draw it again (Ctrl+Shift+Z)</source>
        <translation>Wieder malen (Strg+Umschalt+Z)</translation>
    </message>
    <message>
        <source>Go on painting</source>
        <translation>Weiter malen</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>Härte</translation>
    </message>
    <message>
        <source>Hardness of the brush</source>
        <translation>Härte des Pinsels</translation>
    </message>
    <message>
        <source>How far from the picture</source>
        <translation>Wie weit weg vom Bild</translation>
    </message>
    <message>
        <source>In a folder …</source>
        <translation>In einen Ordner …</translation>
    </message>
    <message>
        <source>Look into videos</source>
        <translation>In Videos hineinsehen</translation>
    </message>
    <message>
        <source>Looking for the subject …</source>
        <translation>Das Motiv wird gesucht …</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>Gemacht aus</translation>
    </message>
    <message>
        <source>Making variations</source>
        <translation>Variationen machen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Models with finer edges can be downloaded under Models.</source>
        <translation>Modelle mit feineren Rändern lassen sich unter „Modelle“ herunterladen.</translation>
    </message>
    <message>
        <source>Move the brush; with Shift, paint</source>
        <translation>Pinsel bewegen; mit Umschalt malen</translation>
    </message>
    <message>
        <source>Move the handle between before and after</source>
        <translation>Griff zwischen vorher und nachher bewegen</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>No subject was found. Paint over what is to be kept.</source>
        <translation>Es wurde kein Motiv gefunden. Übermalen Sie, was bleiben soll.</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Gerät</translation>
    </message>
    <message>
        <source>Paint one dab</source>
        <translation>Einen Tupfer malen</translation>
    </message>
    <message>
        <source>Paint over what is to be kept (K)</source>
        <translation>Übermalen, was bleiben soll (K)</translation>
    </message>
    <message>
        <source>Paint over what is to be removed (R)</source>
        <translation>Übermalen, was entfernt werden soll (R)</translation>
    </message>
    <message>
        <source>Pass over videos</source>
        <translation>Videos übergehen</translation>
    </message>
    <message>
        <source>Pieces of the picture itself</source>
        <translation>Stücke des Bildes selbst</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Quick, without a model. Nothing new comes into the picture.</source>
        <translation>Schnell, ohne Modell. Nichts Neues kommt ins Bild.</translation>
    </message>
    <message>
        <source>Read text</source>
        <translation>Text lesen</translation>
    </message>
    <message numerus="yes">
        <source>Read text in %n pictures</source>
        <translation><numerusform>Text in %Ln Bild lesen</numerusform><numerusform>Text in %Ln Bildern lesen</numerusform></translation>
    </message>
    <message>
        <source>Read text in all pictures</source>
        <translation>Text in allen Bildern lesen</translation>
    </message>
    <message>
        <source>Read text in its pictures</source>
        <translation>Text in den Bildern lesen</translation>
    </message>
    <message>
        <source>Remove background of {name}</source>
        <translation>Hintergrund von {name} entfernen</translation>
    </message>
    <message>
        <source>Removing backgrounds</source>
        <translation>Hintergründe entfernen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save all {count}</source>
        <translation>Alle {count} speichern</translation>
    </message>
    <message>
        <source>Save the other {count}</source>
        <translation>Die anderen {count} speichern</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>Gespeichert als {name}</translation>
    </message>
    <message>
        <source>Saving {name} …</source>
        <translation>{name} wird gespeichert …</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startzahl</translation>
    </message>
    <message>
        <source>Show what is removed, faintly</source>
        <translation>Entferntes schwach zeigen</translation>
    </message>
    <message>
        <source>Size of the brush</source>
        <translation>Größe des Pinsels</translation>
    </message>
    <message>
        <source>Smaller with [, larger with ]</source>
        <translation>Kleiner mit [, größer mit ]</translation>
    </message>
    <message>
        <source>Take all strokes away</source>
        <translation>Alle Striche wegnehmen</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Text in the picture</source>
        <translation>Text im Bild</translation>
    </message>
    <message>
        <source>The brush that keeps; the other mouse button removes</source>
        <translation>Pinsel, der behält; andere Taste entfernt</translation>
    </message>
    <message>
        <source>The brush that removes; the other mouse button keeps</source>
        <translation>Pinsel, der entfernt; andere Taste behält</translation>
    </message>
    <message>
        <source>The first {share} % are as before</source>
        <translation>Die ersten {share} % sind wie vorher</translation>
    </message>
    <message>
        <source>The hard core counts as it is painted; around it the edges of the picture hold.</source>
        <translation>Der harte Kern gilt, wie er gemalt ist; um ihn herum gelten die Kanten des Bildes.</translation>
    </message>
    <message>
        <source>The picture before and after</source>
        <translation>Das Bild vorher und nachher</translation>
    </message>
    <message>
        <source>The text could not be read.</source>
        <translation>Der Text konnte nicht gelesen werden.</translation>
    </message>
    <message>
        <source>This picture is not in the library any more.</source>
        <translation>Dieses Bild ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message>
        <source>Those that you corrected keep your strokes; the others are saved as found.</source>
        <translation>Was Sie berichtigt haben, behält Ihre Striche; die anderen werden gespeichert, wie sie gefunden wurden.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>To see where the brush is to bring something back (F)</source>
        <translation>Um zu sehen, wo der Pinsel etwas zurückholen soll (F)</translation>
    </message>
    <message>
        <source>Undo the last stroke (Ctrl+Z)</source>
        <translation>Den letzten Strich zurücknehmen (Strg+Z)</translation>
    </message>
    <message>
        <source>Where to</source>
        <translation>Wohin</translation>
    </message>
    <message>
        <source>With text</source>
        <translation>Mit Text</translation>
    </message>
    <message>
        <source>With the mouse: move the picture</source>
        <translation>Mit der Maus: das Bild verschieben</translation>
    </message>
    <message>
        <source>Your strokes are not saved.</source>
        <translation>Ihre Striche sind nicht gespeichert.</translation>
    </message>
    <message>
        <source>far</source>
        <translation>weit</translation>
    </message>
    <message>
        <source>near</source>
        <translation>nah</translation>
    </message>
    <message>
        <source>{name} is chosen, but is not on this machine: download it again under Models.</source>
        <translation>{name} ist gewählt, aber nicht auf diesem Gerät: Unter „Modelle“ lässt es sich erneut herunterladen.</translation>
    </message>
    <message>
        <source>{name} makes new pictures of the same things: download it under Models ({size}).</source>
        <translation>{name} macht neue Bilder von denselben Dingen: Unter „Modelle“ lässt es sich herunterladen ({size}).</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message>
        <source>{share} % done</source>
        <translation>{share} % fertig</translation>
    </message>
    <message>
        <source>Finding things</source>
        <translation>Dinge finden</translation>
    </message>
    <message>
        <source>Find similar shots</source>
        <translation>Ähnliche Aufnahmen suchen</translation>
    </message>
    <message>
        <source>Select the best of each</source>
        <translation>Die jeweils beste wählen</translation>
    </message>
    <message>
        <source>Similar shots</source>
        <translation>Ähnliche Aufnahmen</translation>
    </message>
    <message>
        <source>most pixels</source>
        <translation>die meisten Pixel</translation>
    </message>
    <message>
        <source>a format without loss</source>
        <translation>ein verlustfreies Format</translation>
    </message>
    <message>
        <source>largest file</source>
        <translation>größte Datei</translation>
    </message>
    <message>
        <source>knows when it was taken</source>
        <translation>kennt die Aufnahmezeit</translation>
    </message>
    <message>
        <source>most tags</source>
        <translation>die meisten Schlagwörter</translation>
    </message>
    <message>
        <source>best quality</source>
        <translation>beste Qualität</translation>
    </message>
    <message>
        <source>oldest</source>
        <translation>am ältesten</translation>
    </message>
    <message>
        <source>first found</source>
        <translation>zuerst gefunden</translation>
    </message>
    <message>
        <source>lies where you keep pictures</source>
        <translation>liegt, wo Sie Bilder behalten</translation>
    </message>
    <message>
        <source>{size} to spare</source>
        <translation>{size} entbehrlich</translation>
    </message>
    <message>
        <source>Best: {reason}</source>
        <translation>Am besten: {reason}</translation>
    </message>
    <message>
        <source>To keep: {reason}</source>
        <translation>Zu behalten: {reason}</translation>
    </message>
    <message>
        <source>Sort out copies</source>
        <translation>Kopien aussortieren</translation>
    </message>
    <message>
        <source>Sort out copies …</source>
        <translation>Kopien aussortieren …</translation>
    </message>
    <message>
        <source>Sort out …</source>
        <translation>Aussortieren …</translation>
    </message>
    <message>
        <source>What lies in these folders is kept before all else.</source>
        <translation>Was in diesen Ordnern liegt, wird vor allem anderen behalten.</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Gruppen</translation>
    </message>
    <message>
        <source>Pictures of the group; a tick keeps one</source>
        <translation>Bilder der Gruppe; ein Häkchen behält eines</translation>
    </message>
    <message>
        <source>Give what is kept the tags of what goes</source>
        <translation>Behaltenem die Schlagwörter des Entbehrlichen geben</translation>
    </message>
    <message>
        <source>Trash the rest of this group …</source>
        <translation>Rest dieser Gruppe in den Papierkorb …</translation>
    </message>
    <message>
        <source>Trash the rest of all groups …</source>
        <translation>Rest aller Gruppen in den Papierkorb …</translation>
    </message>
    <message>
        <source>Other moments of one scene. All are kept until you untick some.</source>
        <translation>Andere Augenblicke einer Szene. Alle bleiben, bis Sie Häkchen wegnehmen.</translation>
    </message>
    <message>
        <source>What is ticked is kept; the rest goes to the trash once you agreed.</source>
        <translation>Was ein Häkchen hat, bleibt; der Rest kommt nach Rückfrage in den Papierkorb.</translation>
    </message>
    <message>
        <source>No similar shots are known. Looking for them finds new ones.</source>
        <translation>Es sind keine ähnlichen Aufnahmen bekannt. Die Suche findet neue.</translation>
    </message>
    <message>
        <source>No copies are known. Looking for them finds new ones.</source>
        <translation>Es sind keine Kopien bekannt. Die Suche findet neue.</translation>
    </message>
    <message numerus="yes">
        <source>%n groups</source>
        <comment>of copies</comment>
        <translation><numerusform>%Ln Gruppe</numerusform><numerusform>%Ln Gruppen</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n files to spare</source>
        <translation><numerusform>%Ln Datei entbehrlich</numerusform><numerusform>%Ln Dateien entbehrlich</numerusform></translation>
    </message>
    <message>
        <source>Keep what lies in</source>
        <translation>Behalten, was liegt in</translation>
    </message>
    <message>
        <source>Another folder …</source>
        <translation>Anderer Ordner …</translation>
    </message>
    <message numerus="yes">
        <source>Something of %n groups stays: a file of theirs is not there now.</source>
        <translation><numerusform>Aus %Ln Gruppe bleibt etwas liegen: Eine ihrer Dateien ist gerade nicht da.</numerusform><numerusform>Aus %Ln Gruppen bleibt etwas liegen: Eine ihrer Dateien ist gerade nicht da.</numerusform></translation>
    </message>
    <message>
        <source>Merge the tags of copies</source>
        <translation>Schlagwörter von Kopien vereinen</translation>
    </message>
    <message>
        <source>sharpness {sharpness}, brightness {brightness}, composition {composition}</source>
        <translation>Schärfe {sharpness}, Helligkeit {brightness}, Aufbau {composition}</translation>
    </message>
    <message>
        <source>very much</source>
        <translation>sehr</translation>
    </message>
    <message>
        <source>much</source>
        <translation>deutlich</translation>
    </message>
    <message>
        <source>a little</source>
        <translation>etwas</translation>
    </message>
    <message>
        <source>hardly</source>
        <translation>kaum</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>Ähnlich</translation>
    </message>
    <message>
        <source>warm</source>
        <translation>warm</translation>
    </message>
    <message>
        <source>cool</source>
        <translation>kühl</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>neutral</translation>
    </message>
    <message>
        <source>B: things in it   Shift and drag: search by a part   Space: back</source>
        <translation>B: Dinge darin   Umschalt und ziehen: nach einem Teil suchen   Leertaste: zurück</translation>
    </message>
    <message>
        <source>Add suggested tags</source>
        <translation>Vorgeschlagene Schlagwörter geben</translation>
    </message>
    <message>
        <source>Read attributes</source>
        <translation>Merkmale lesen</translation>
    </message>
    <message numerus="yes">
        <source>Add suggested tags to %n pictures</source>
        <translation><numerusform>%Ln Bild vorgeschlagene Schlagwörter geben</numerusform><numerusform>%Ln Bildern vorgeschlagene Schlagwörter geben</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Read attributes of %n pictures</source>
        <translation><numerusform>Merkmale von %Ln Bild lesen</numerusform><numerusform>Merkmale von %Ln Bildern lesen</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures changed</source>
        <translation><numerusform>%Ln Bild geändert</numerusform><numerusform>%Ln Bilder geändert</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Reimagine %n pictures</source>
        <translation><numerusform>%Ln Bild neu erdenken</numerusform><numerusform>%Ln Bilder neu erdenken</numerusform></translation>
    </message>
    <message>
        <source>Make variations</source>
        <translation>Variationen machen</translation>
    </message>
    <message>
        <source>In what is shown</source>
        <translation>In dem, was zu sehen ist</translation>
    </message>
    <message>
        <source>Ctrl and a click add another colour.</source>
        <translation>Strg und ein Klick fügen eine Farbe hinzu.</translation>
    </message>
    <message>
        <source>some of it</source>
        <translation>etwas davon</translation>
    </message>
    <message>
        <source>How much of {colour}</source>
        <translation>Wie viel von {colour}</translation>
    </message>
    <message>
        <source>Colours of what is shown</source>
        <translation>Farben dessen, was zu sehen ist</translation>
    </message>
    <message>
        <source>Leave out what is blurred, dark or badly framed</source>
        <translation>Weglassen, was unscharf, dunkel oder schlecht im Bild ist</translation>
    </message>
    <message>
        <source>Any quality</source>
        <translation>Jede Qualität</translation>
    </message>
    <message>
        <source>any</source>
        <translation>egal</translation>
    </message>
    <message>
        <source>All in all</source>
        <translation>Insgesamt</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Helligkeit</translation>
    </message>
    <message>
        <source>Composition</source>
        <translation>Aufbau</translation>
    </message>
    <message>
        <source>Worst quality</source>
        <translation>Schlechteste Qualität</translation>
    </message>
    <message>
        <source>Mood</source>
        <translation>Stimmung</translation>
    </message>
    <message>
        <source>Only in</source>
        <translation>Nur in</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>Anfragen je Minute</translation>
    </message>
    <message>
        <source>Pictures to reimagine</source>
        <translation>Bilder neu zu erdenken</translation>
    </message>
    <message>
        <source>Without a tick it is for all collections.</source>
        <translation>Ohne Häkchen gilt er für alle Sammlungen.</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>ohne Grenze</translation>
    </message>
    <message>
        <source>The server has ended. Switch it on again.</source>
        <translation>Der Server hat geendet. Schalten Sie ihn wieder ein.</translation>
    </message>
    <message numerus="yes">
        <source>%n requests a minute</source>
        <translation><numerusform>%Ln Anfrage je Minute</numerusform><numerusform>%Ln Anfragen je Minute</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures left to reimagine</source>
        <translation><numerusform>%Ln Bild neu zu erdenken übrig</numerusform><numerusform>%Ln Bilder neu zu erdenken übrig</numerusform></translation>
    </message>
    <message>
        <source>the first {count} are shown</source>
        <translation>die ersten {count} sind zu sehen</translation>
    </message>
</context>
</TS>
