"""Words that say nothing about what is looked for, folded; a query of these alone finds nothing."""

STOP_WORDS = frozenset(
    # Kazakh
    """
    ал ан арасында аркылы ба бар барлык бе без бен бирак биз болады болып болса болу бойынша бул баска гана
    дейин деп егер еди екен ер ери жане жаткан жок коп кана кай кайда калай кандай каншалыкты ким кем кейин
    кемде ма ме мен менен мына на не неге нешинши немесе ол олар осы оз ози пе пен сен сиз сол сондай соны та
    туралы ушин ущин уш учин уже шейин яки емес ете етип керек
    """.split()  # noqa: SIM905
    # Russian
    + """
    а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее если
    есть еще же за здесь и из или им их к как ко когда который которые которая кто ли либо мне может мы на над надо
    наш не него нее нет ни них но ну о об однако он она они оно от очень по под при про с сам свой своих себя со
    так также такой там те тем то того тоже той только том ту ты у уж уже хотя чего чей чем что чтобы чье чья эта
    эти это этот я
    """.split()  # noqa: SIM905
    # English
    + """
    a about all also an and any are as at be been but by can could did do does for from had has have he her his how
    i if in into is it its me more my no nor not of on or our out s she should so some t than that the their them
    then there these they this those to too up us was we were what when where which who why will with would you your
    near
    """.split()  # noqa: SIM905
)
