<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n pictures</source>
        <translation><numerusform>%Ln picture</numerusform><numerusform>%Ln pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n closest pictures</source>
        <translation><numerusform>the closest picture</numerusform><numerusform>the %Ln closest pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <comment>pictures</comment>
        <translation><numerusform>%Ln selected</numerusform><numerusform>%Ln selected</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <comment>pictures</comment>
        <translation><numerusform>%Ln failed</numerusform><numerusform>%Ln failed</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>All %n pictures shown</source>
        <translation><numerusform>The picture shown</numerusform><numerusform>All %Ln pictures shown</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n selected pictures</source>
        <translation><numerusform>%Ln selected picture</numerusform><numerusform>%Ln selected pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Remove background of %n pictures</source>
        <translation><numerusform>Remove background of %Ln picture</numerusform><numerusform>Remove background of %Ln pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n of them are whole videos, with all their scenes.</source>
        <translation><numerusform>%Ln of them is a whole video, with all its scenes.</numerusform><numerusform>%Ln of them are whole videos, with all their scenes.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Read text in %n pictures</source>
        <translation><numerusform>Read text in %Ln picture</numerusform><numerusform>Read text in %Ln pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n groups</source>
        <comment>of copies</comment>
        <translation><numerusform>%Ln group</numerusform><numerusform>%Ln groups</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n files to spare</source>
        <translation><numerusform>%Ln file to spare</numerusform><numerusform>%Ln files to spare</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Something of %n groups stays: a file of theirs is not there now.</source>
        <translation><numerusform>Something of %Ln group stays: one of its files is not there now.</numerusform><numerusform>Something of %Ln groups stays: one of their files is not there now.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Add suggested tags to %n pictures</source>
        <translation><numerusform>Add suggested tags to %Ln picture</numerusform><numerusform>Add suggested tags to %Ln pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Read attributes of %n pictures</source>
        <translation><numerusform>Read attributes of %Ln picture</numerusform><numerusform>Read attributes of %Ln pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures changed</source>
        <translation><numerusform>%Ln picture changed</numerusform><numerusform>%Ln pictures changed</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Reimagine %n pictures</source>
        <translation><numerusform>Reimagine %Ln picture</numerusform><numerusform>Reimagine %Ln pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n requests a minute</source>
        <translation><numerusform>%Ln request a minute</numerusform><numerusform>%Ln requests a minute</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures left to reimagine</source>
        <translation><numerusform>%Ln picture left to reimagine</numerusform><numerusform>%Ln pictures left to reimagine</numerusform></translation>
    </message>
</context>
</TS>
